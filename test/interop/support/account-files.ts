import type { Choices } from './random.js';

/** A docker or podman file, and the image whose account is asked for. */
export interface AccountQuestion {
  readonly text: string;
  readonly registry: string;
  readonly repository: string;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const file = (auths: object, more: object = {}): string => JSON.stringify({ auths, ...more });
const wabbit = { auth: base64('wabbit:carrot') };
const question = (text: string, registry = 'reg.test', repository = 'team/app'): AccountQuestion => ({
  text,
  registry,
  repository,
});

/** What docker, podman, CI systems and people write. */
export const realForms: Readonly<Record<string, AccountQuestion>> = {
  'docker login': question(file({ 'reg.test': wabbit })),
  'a port': question(file({ 'reg.test:5000': wabbit }), 'reg.test:5000'),
  'no port': question(file({ 'reg.test': wabbit }), 'reg.test:5000'),
  'the port of the scheme': question(file({ 'https://reg.test:443/': wabbit })),
  'a port and nothing': question(file({ 'https://reg.test:/': wabbit })),
  'https://': question(file({ 'https://reg.test': wabbit })),
  'http://': question(file({ 'http://reg.test': wabbit })),
  'a trailing slash': question(file({ 'https://reg.test/': wabbit })),
  'a trailing slash without a scheme': question(file({ 'reg.test/': wabbit })),
  '/v1/': question(file({ 'https://reg.test/v1/': wabbit })),
  '/v2/': question(file({ 'https://reg.test/v2/': wabbit })),
  'a namespace': question(file({ 'reg.test/team': wabbit })),
  'another namespace': question(file({ 'reg.test/other': wabbit })),
  'a repository': question(file({ 'reg.test/team/app': wabbit, 'reg.test': { auth: base64('host:h') } })),
  'a longer name': question(file({ 'reg.test.evil': wabbit, 'https://reg.test.evil/v1/': wabbit })),
  'a user in the key': question(file({ 'https://me@reg.test/v1/': wabbit })),
  'another scheme': question(file({ 'oci://reg.test': wabbit })),
  'a query': question(file({ 'https://reg.test?service=x': wabbit })),
  capitals: question(file({ 'REG.test': wabbit })),
  'Docker Hub': question(file({ 'https://index.docker.io/v1/': wabbit }), 'docker.io', 'library/nginx'),
  'Docker Hub, docker.io': question(file({ 'docker.io': wabbit }), 'docker.io', 'library/nginx'),
  'Docker Hub, index.docker.io': question(file({ 'index.docker.io': wabbit }), 'docker.io', 'library/nginx'),
  'Docker Hub, /v2/': question(file({ 'https://index.docker.io/v2/': wabbit }), 'docker.io', 'library/nginx'),
  'Docker Hub, registry-1': question(file({ 'registry-1.docker.io': wabbit }), 'docker.io', 'library/nginx'),
  'Docker Hub, a namespace': question(file({ 'docker.io/library': wabbit }), 'docker.io', 'library/nginx'),
  'wrapped base64': question(file({ 'reg.test': { auth: base64('wabbit:carrot').replace(/.{4}/g, '$&\n') } })),
  'wrapped base64, CRLF': question(file({ 'reg.test': { auth: `${base64('wabbit:carrot')}\r\n` } })),
  'base64 without padding': question(file({ 'reg.test': { auth: base64('wabbit:carrots').replace(/=+$/, '') } })),
  'base64 for URLs': question(file({ 'reg.test': { auth: Buffer.from('w:???>>>').toString('base64url') } })),
  'base64 with bits left': question(file({ 'reg.test': { auth: 'YTpjZB==' } })),
  'base64 with blanks': question(file({ 'reg.test': { auth: ` ${base64('wabbit:carrot')}` } })),
  zeros: question(file({ 'reg.test': { auth: base64('wabbit:\0\0carrot\0\0') } })),
  'a colon in the password': question(file({ 'reg.test': { auth: base64('wabbit:car:rot') } })),
  'no colon': question(file({ 'reg.test': { auth: base64('wabbit') } })),
  'no user': question(file({ 'reg.test': { auth: base64(':carrot') } })),
  'no password': question(file({ 'reg.test': { auth: base64('wabbit:') } })),
  'user and password': question(file({ 'reg.test': { username: 'wabbit', password: 'carrot' } })),
  both: question(file({ 'reg.test': { ...wabbit, username: 'other', password: 'one' } })),
  'an identity token': question(file({ 'reg.test': { auth: base64('00000000-0000:'), identitytoken: 'id' } })),
  'an identity token alone': question(file({ 'reg.test': { identitytoken: 'id' } })),
  'a registry token': question(file({ 'reg.test': { registrytoken: 'bearer' } })),
  'an empty entry': question(file({ 'reg.test': {}, 'https://reg.test': wabbit })),
  null: question(file({ 'reg.test': null, 'https://reg.test': wabbit })),
  'other spellings of names': question(`{"Auths":{"reg.test":{"AUTH":"${wabbit.auth}","IdentityToken":"id"}}}`),
  'beside much else': question(
    file({ 'reg.test': wabbit }, { HttpHeaders: { 'User-Agent': 'Docker-Client' }, credsStore: '', psFormat: 'x' }),
  ),
  'no auths': question('{}'),
  'auths is null': question('{"auths":null}'),
};

const registries = ['reg.test', 'reg.test:5000', 'localhost:5000', 'docker.io', 'other.test'];
const repositories = ['team/app', 'team/sub/app', 'library/nginx', 'app/x'];
const users = ['wabbit', 'other', 'ünïcode', '<token>', '00000000-0000-0000-0000-000000000000', ''];
const passwords = ['carrot', 'a:b:c', 'päss', '\0x\0', '', 'p\n'];

function randomKey({ one, chance }: Choices, registry: string): string {
  const host = chance(0.8) ? registry : one(registries);
  if (chance(0.2)) return host;
  if (host === 'docker.io' && chance(0.4)) return 'https://index.docker.io/v1/';
  const name = host === 'docker.io' ? one(['docker.io', 'index.docker.io', 'registry-1.docker.io']) : host;
  const scheme = one(['', '', 'https://', 'https://', 'http://', 'oci://', 'HTTPS://', 'http://https://', '//']);
  const path = one([
    '',
    '',
    '/',
    '/v1/',
    '/v2/',
    '/v1',
    '/team',
    '/team/app',
    '/team/',
    '/library',
    '?a',
    '#b',
    ':',
    '.',
    '.evil',
  ]);
  return `${scheme}${chance(0.1) ? 'me:x@' : ''}${chance(0.05) ? name.toUpperCase() : name}${path}`;
}

function randomAuth({ one, chance }: Choices): string {
  const text = base64(chance(0.95) ? `${one(users)}:${one(passwords)}` : one(users));
  if (chance(0.7)) return text;
  return one([
    text.replace(/.{4}/g, '$&\n'),
    `${text}\r\n`,
    text.replace(/=+$/, ''),
    text.replaceAll('+', '-').replaceAll('/', '_'),
    `${text} `,
    `${text}====`,
    text.slice(1),
    '',
  ]);
}

function randomEntry(choices: Choices): unknown {
  const { one, chance } = choices;
  if (chance(0.03)) return one([null, {}, 'text', []]);
  const entry: Record<string, unknown> = {};
  if (chance(0.85)) entry[chance(0.95) ? 'auth' : one(['Auth', 'AUTH'])] = randomAuth(choices);
  if (chance(0.1)) entry['username'] = one(users);
  if (chance(0.1)) entry['password'] = one(passwords);
  if (chance(0.15)) entry['identitytoken'] = one(['id', '', 'other']);
  if (chance(0.05)) entry['registrytoken'] = one(['bearer', '']);
  if (chance(0.05)) entry['email'] = 'a@b.test';
  return entry;
}

/** A file of many forms, odd ones among them. */
export function randomAccountQuestion(choices: Choices): AccountQuestion {
  const { one, below, chance } = choices;
  const registry = one(registries);
  const auths = Object.fromEntries(
    Array.from({ length: 1 + below(3) }, () => [randomKey(choices, registry), randomEntry(choices)]),
  );
  const text = JSON.stringify({ [chance(0.97) ? 'auths' : 'AUTHS']: auths });
  return { text, registry, repository: one(repositories) };
}
