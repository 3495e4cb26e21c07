import { describe, expect, it } from 'vitest';
import { authorizationOf, chooseProxy } from './proxy-choice.node.js';

const proxied = { http_proxy: 'http://p.test:3128', https_proxy: 'http://p.test:3128' };
const choose = (url: string, env: Readonly<Record<string, string>>): string | undefined =>
  chooseProxy(new URL(url), { proxy: 'env' }, env)?.host;

// What Go chooses; the interop stage asks it.
describe('proxies-env', () => {
  it.each([
    ['https://a.test', { HTTPS_PROXY: 'http://p.test:1' }, 'p.test:1'],
    ['https://a.test', { HTTPS_PROXY: 'http://p.test:1', https_proxy: 'http://q.test:2' }, 'q.test:2'],
    ['https://a.test', { HTTPS_PROXY: 'http://p.test:1', https_proxy: '' }, 'p.test:1'],
    ['https://a.test', { HTTP_PROXY: 'http://p.test:1' }, undefined],
    ['http://a.test', { HTTP_PROXY: 'p.test:1' }, 'p.test:1'],
    ['http://a.test', { HTTP_PROXY: 'user:pass@p.test:1' }, 'p.test:1'],
    ['https://a.test', { ...proxied, REQUEST_METHOD: 'GET' }, 'p.test:3128'],
    ['http://a.test', { ...proxied, REQUEST_METHOD: '' }, 'p.test:3128'],
    ['http://localhost:5000', proxied, undefined],
    ['http://127.8.8.8:5000', proxied, undefined],
    ['http://[::1]:5000', proxied, undefined],
    ['http://[::ffff:127.0.0.1]', proxied, undefined],
    ['http://0.0.0.0', proxied, 'p.test:3128'],
    ['http://a.test', { ...proxied, NO_PROXY: 'a.test', no_proxy: 'b.test' }, 'p.test:3128'],
    ['http://a.test', { ...proxied, NO_PROXY: 'b.test a.test' }, 'p.test:3128'],
    ['http://a.test', { ...proxied, NO_PROXY: 'b.test , A.test' }, undefined],
  ])('%s with %j: %s', (url, env, expected) => {
    expect(choose(url, env as Record<string, string>)).toBe(expected);
  });

  it.each([
    ['a.test', '.a.test', false],
    ['a.test', '*.a.test', false],
    ['b.a.test', '*.a.test', true],
    ['10.1.2.3', '10.9.9.9/8', true],
    ['10.1.2.3', '10.0.0.0/33', false],
    ['10.1.2.3', '.2.3', false],
    ['10.1.2.3', '::/0', false],
    ['10.1.2.3', '::ffff:10.0.0.0/104', true],
    ['[2001:db8::5]', '2001:db8::/32', true],
    ['[2001:db8:8000::5]', '2001:db8::/33', false],
    ['[2001:db8::5]', '2001:DB8:0:0::5', true],
    ['[2001:db8::5]', '[2001:db8::5]', false],
    ['[2001:db8::5]', '[2001:db8::5]:80', true],
    ['[2001:db8::5]', '[2001:db8::5]:443', false],
    ['bücher.test', 'bücher.test', true],
  ])('%s with NO_PROXY=%s: past the proxy %s', (host, entry, past) => {
    expect(choose(`http://${host}`, { ...proxied, NO_PROXY: entry })).toBe(past ? undefined : 'p.test:3128');
  });

  it.each([
    'https://p.test',
    'socks5://p.test',
    'http://',
    '//p.test:1',
    'http:///p.test',
    'http://p test',
    'http://0x7f.1:1',
    'http://u:%zz@p.test',
    'http://p.test:99999',
    'http://p.test\\@q.test',
  ])('fails when the proxy cannot be used, without a direct connection: %s', (value) => {
    expect(() => choose('http://a.test', { http_proxy: value })).toThrow(
      expect.objectContaining({ code: 'ERR_TRANSPORT_UNSUPPORTED' }),
    );
  });

  it('ignores HTTP_PROXY in a CGI program', () => {
    for (const name of ['HTTP_PROXY', 'http_proxy'])
      expect(() => choose('http://a.test', { [name]: 'p.test', REQUEST_METHOD: 'GET' })).toThrow(/REQUEST_METHOD/);
  });

  it('decodes the percent-encoded account of a proxy as bytes', () => {
    const sent = (url: string): string | undefined =>
      Buffer.from(authorizationOf(new URL(url))['proxy-authorization']?.slice(6) ?? '', 'base64').toString('latin1');
    expect(sent('http://us%65r:p%40ss%E9@p.test')).toBe('user:p@ssé');
    expect(sent('http://:pass@p.test')).toBe(':pass');
    expect(authorizationOf(new URL('http://p.test'))).toEqual({});
  });
});
