import type { Choices } from './random.js';

/** A URL, and the variables that may give it a proxy. */
export interface ProxyQuestion {
  readonly env: Readonly<Record<string, string>>;
  readonly url: string;
}

const question = (url: string, env: Readonly<Record<string, string>>): ProxyQuestion => ({ url, env });
const proxied = (url: string, noProxy: string): ProxyQuestion =>
  question(url, { HTTP_PROXY: 'http://proxy.test:3128', HTTPS_PROXY: 'http://proxy.test:3128', NO_PROXY: noProxy });

/** What people and images set. */
export const realForms: readonly ProxyQuestion[] = [
  question('https://a.test', { HTTPS_PROXY: 'http://p.test:3128' }),
  question('https://a.test', { HTTPS_PROXY: 'http://p.test:3128', https_proxy: 'http://q.test:1' }),
  question('https://a.test', { HTTPS_PROXY: 'http://p.test:3128', https_proxy: '' }),
  question('https://a.test', { HTTP_PROXY: 'http://p.test:3128' }),
  question('https://a.test', { ALL_PROXY: 'http://p.test:3128' }),
  question('http://a.test', { HTTP_PROXY: 'p.test:3128' }),
  question('http://a.test', { HTTP_PROXY: 'p.test' }),
  question('http://a.test', { HTTP_PROXY: '10.0.0.1:3128' }),
  question('http://a.test', { HTTP_PROXY: 'user:pass@p.test:3128' }),
  question('http://a.test', { HTTP_PROXY: 'http://user:p%40ss%E9@p.test:3128/' }),
  question('http://a.test', { HTTP_PROXY: 'http://:pass@p.test' }),
  question('http://a.test', { HTTP_PROXY: 'HTTP://P.test:80' }),
  question('http://a.test', { HTTP_PROXY: '[2001:db8::1]:3128' }),
  question('http://a.test', { HTTP_PROXY: 'https://p.test:3129' }),
  question('http://a.test', { HTTP_PROXY: 'socks5://p.test:1080' }),
  question('http://a.test', { HTTP_PROXY: 'http://' }),
  question('http://a.test', { HTTP_PROXY: '//p.test:3128' }),
  question('http://a.test', { HTTP_PROXY: 'http://p test' }),
  question('http://a.test', { HTTP_PROXY: 'http://0x7f.1:3128' }),
  question('http://a.test', { HTTP_PROXY: 'http://p.test:3128', REQUEST_METHOD: 'GET' }),
  question('http://a.test', { http_proxy: 'http://p.test:3128', REQUEST_METHOD: 'GET' }),
  question('https://a.test', { https_proxy: 'http://p.test:3128', REQUEST_METHOD: 'GET' }),
  question('http://a.test', { http_proxy: 'http://p.test:3128', REQUEST_METHOD: '' }),
  proxied('http://localhost:5000', ''),
  proxied('http://127.0.0.1:5000', ''),
  proxied('http://127.8.8.8', ''),
  proxied('http://[::1]:5000', ''),
  proxied('http://[::ffff:127.0.0.1]', ''),
  proxied('http://localhost.:5000', ''),
  proxied('http://a.localhost', ''),
  proxied('http://0.0.0.0', ''),
  proxied('https://a.test', '*'),
  proxied('https://a.test', 'b.test,*'),
  proxied('https://a.test', '*.test'),
  proxied('https://test', '*.test'),
  proxied('https://test', '.test'),
  proxied('https://test', 'test'),
  proxied('https://a.b.test', 'b.test'),
  proxied('https://ab.test', 'b.test'),
  proxied('https://a.test', ' a.test , b.test'),
  proxied('https://a.test', 'b.test a.test'),
  proxied('https://a.test', 'A.TEST'),
  proxied('https://a.test.', 'a.test'),
  proxied('https://a.test', 'a.test.'),
  proxied('https://a.test', 'a.test:443'),
  proxied('https://a.test', 'a.test:80'),
  proxied('https://a.test:8443', 'a.test:8443'),
  proxied('https://a.test', 'a.test:'),
  proxied('https://a.test', ':443'),
  proxied('https://a.test', '[a.test]:443'),
  proxied('https://a.test', 'https://a.test'),
  proxied('https://10.1.2.3', '10.0.0.0/8'),
  proxied('https://10.1.2.3', '10.9.9.9/8'),
  proxied('https://10.1.2.3', '10.1.2.3'),
  proxied('https://10.1.2.3', '10.1.2'),
  proxied('https://10.1.2.3', '.2.3'),
  proxied('https://10.1.2.3', '10.1.2.3:443'),
  proxied('https://10.1.2.3', '10.0.0.0/8:443'),
  proxied('https://10.1.2.3', '10.1.2.03'),
  proxied('https://10.1.2.3', '0.0.0.0/0'),
  proxied('https://10.1.2.3', '::/0'),
  proxied('https://10.1.2.3', '::ffff:10.0.0.0/104'),
  proxied('https://10.1.2.3', '::ffff:0:0/96'),
  proxied('https://10.1.2.3', '::ffff:10.1.2.3'),
  proxied('https://[::ffff:10.1.2.3]', '10.0.0.0/8'),
  proxied('https://[2001:db8::5]', '2001:db8::/32'),
  proxied('https://[2001:db8::5]', '2001:db8::/33'),
  proxied('https://[2001:db8::5]', '2001:db8::5'),
  proxied('https://[2001:db8::5]', '2001:DB8:0:0::5'),
  proxied('https://[2001:db8::5]', '[2001:db8::5]'),
  proxied('https://[2001:db8::5]', '[2001:db8::5]:443'),
  proxied('https://[2001:db8::5]:8443', '[2001:db8::5]:443'),
  proxied('https://[2001:db8::5]', '2001:db8::5%eth0'),
  proxied('https://[2001:db8::5]', '2001:db8::5:443'),
  proxied('https://bücher.test', 'bücher.test'),
  proxied('https://bücher.test', 'xn--bcher-kva.test'),
];

const hosts = [
  'a.test',
  'b.a.test',
  'test',
  'xa.test',
  'localhost',
  '10.1.2.3',
  '192.168.7.7',
  '127.0.0.1',
  '172.20.0.9',
];
const sixes = ['[::1]', '[2001:db8::5]', '[2001:db8:1::]', '[::ffff:10.1.2.3]', '[fd00::1]', '[::10.1.2.3]'];
const entries = [
  ...hosts,
  ...sixes,
  ...sixes.map((six) => six.slice(1, -1)),
  ...[
    '.a.test',
    '*.a.test',
    '.test',
    '*',
    '*a.test',
    '**.test',
    '..test',
    '',
    ' ',
    '-',
    '.',
    '*.',
    '[',
    ']',
    '[]',
    '::',
  ],
];
const addresses = [
  '10.0.0.0',
  '192.168.7.0',
  '0.0.0.0',
  '2001:db8::',
  '::',
  '::ffff:10.1.0.0',
  'fd00::',
  'a.test',
  '10.1.2',
];
const values = [
  'http://p.test:3128',
  'http://p.test',
  'p.test:3128',
  'P.Test',
  'http://u:p@p.test:8080',
  'u:p%3A@p.test',
  'http://u@p.test/x?y#z',
  'https://p.test',
  'socks5://p.test',
  'http://[2001:db8::9]:3128',
  '10.9.9.9:1',
  'http://127.1:8',
  'http:p.test',
  'http:///p.test',
  'http://p.test:99999',
  'http://p.test:x',
  'http://p\\test',
  'http://%70.test',
  'http://u:%zz@p.test',
  '://p.test',
  'p.test\t',
  '',
];

function randomEntry({ one, below, chance }: Choices): string {
  if (chance(0.25))
    return `${one(addresses)}/${one(['', '0', '8', '08', '+8', '16', '24', '32', '33', '64', '96', '104', '128', '129', String(below(129))])}`;
  const port = chance(0.3) ? `:${one(['80', '443', '8443', '', 'x', '0443'])}` : '';
  const entry = `${one(entries)}${port}`;
  return chance(0.1) ? ` ${entry.toUpperCase()}\t` : entry;
}

/** A question of many forms, odd ones among them. */
export function randomProxyQuestion(choices: Choices): ProxyQuestion {
  const { one, chance, below } = choices;
  const env: Record<string, string> = {};
  for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy'])
    if (chance(0.5)) env[name] = chance(0.6) ? 'http://p.test:3128' : one(values);
  for (const name of ['NO_PROXY', 'no_proxy'])
    if (chance(0.6))
      env[name] = Array.from({ length: below(4) }, () => randomEntry(choices)).join(one([',', ',', ', ', ' ', ',,']));
  if (chance(0.05)) env['REQUEST_METHOD'] = one(['', 'GET']);
  const port = one(['', ':80', ':443', ':8443']);
  return { env, url: new URL(`${one(['http', 'https'])}://${one([...hosts, ...sixes])}${port}/v2/`).href };
}
