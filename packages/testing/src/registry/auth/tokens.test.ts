import { decodeJwt, decodeProtectedHeader, SignJWT, UnsecuredJWT } from 'jose';
import { expect, it } from 'vitest';
import type { RegistryAuth } from './accounts.js';
import { tokenIssuer } from './tokens.js';

const account = { username: 'alice', password: 'p', rights: { 'team/*': ['pull', 'push'] } } as const;

/** An issuer whose clock is set by hand. */
function setUp(auth: Partial<RegistryAuth> = {}) {
  let time = 5_300;
  const issuer = tokenIssuer({ scheme: 'token', accounts: [account], tokenLifeSeconds: 60, ...auth }, () => time);
  const issue = (...scopes: string[]) => issuer.issue(account, scopes);
  return { issuer, issue, pass: (ms: number) => (time += ms) };
}

it('a token is a JWT that says who may do what, where, and how long', async () => {
  const { issue } = setUp({ service: 'registry.wabbit.test' });
  const { token } = await issue('repository:team/a:pull,push,delete', 'repository:other:pull', 'registry:catalog:*');
  expect(decodeProtectedHeader(token)).toEqual({ alg: 'ES256', typ: 'JWT' });
  expect(decodeJwt(token)).toEqual({
    iss: 'registry.wabbit.test/token',
    aud: 'registry.wabbit.test',
    sub: 'alice',
    iat: 5,
    exp: 66,
    jti: expect.any(String),
    access: [
      { type: 'repository', name: 'team/a', actions: ['pull', 'push'] },
      { type: 'repository', name: 'other', actions: [] },
    ],
  });
});

it('the registry reads rights from the token, and stores no tokens', async () => {
  const { issuer, issue } = setUp();
  const access = await issuer.find((await issue('repository:team/a:pull')).token);
  expect(access?.account).toBe('alice');
  expect(access?.allows('team/a', 'pull')).toBe(true);
  expect(access?.allows('team/a', 'push')).toBe(false);
  expect(access?.allows('team/b', 'pull')).toBe(false);
});

it('a token is valid until the second in which its lifetime ends', async () => {
  const { issuer, issue, pass } = setUp();
  const { token } = await issue('repository:team/a:pull');
  pass(60_000);
  expect(await issuer.find(token)).toBeDefined();
  pass(700);
  expect(await issuer.find(token)).toBeUndefined();
});

it('refuses a token of another registry, one that was altered, one without a signature, and what is no token', async () => {
  const { issuer, issue } = setUp();
  const { token } = await issue('repository:team/a:pull');
  const [header, , signature] = token.split('.');
  const more = decodeJwt(token);
  const payload = Buffer.from(JSON.stringify({ ...more, sub: 'root' })).toString('base64url');
  const foreign = await setUp().issue('repository:team/a:pull');
  const secret = await new SignJWT(more).setProtectedHeader({ alg: 'HS256' }).sign(new Uint8Array(32));
  const unsigned = new UnsecuredJWT(more).encode();
  for (const bad of [foreign.token, `${header}.${payload}.${signature}`, secret, unsigned, 'opaque', ''])
    expect(await issuer.find(bad)).toBeUndefined();
});
