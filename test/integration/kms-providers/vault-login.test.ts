import { vaultLogin, vaultSigner } from '@notarykit/kms-providers/vault';
import type { Signer } from '@notarykit/signature-envelope';
import { checkedSigner } from '@notarykit/signature-envelope/internal';
import { createAuthority, serveVault } from '@notarykit/testing';
import { afterAll, expect, test } from 'vitest';

const authority = await createAuthority();
const leaf = await authority.issueLeaf();
const request = { payload: Uint8Array.of(1, 2, 3), keySpec: 'EC-256' } as const;
const credentials = { role_id: 'r-1', secret_id: 's-1' };
const closers: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(closers.map((close) => close())));

async function open() {
  const vault = await serveVault([{ name: 'k', versions: [leaf.keyPair] }], {
    token: 'root',
    chains: { 'k:1': leaf.pem },
    secrets: { 'notation/k': { certificate: leaf.pem } },
    appRole: credentials,
  });
  closers.push(vault.close);
  const server = { address: vault.url, fetch };
  const logins = () => vault.requests.filter((one) => one.endsWith('/login')).length;
  const login = (more: object = {}) => vaultLogin({ ...server, path: 'auth/approle/login', credentials, ...more });
  return { vault, server, logins, login };
}

const sign = (signer: Signer) => checkedSigner(signer).sign(request);

test('K10 logs in once for however many signatures', async () => {
  const { server, logins, login } = await open();
  const token = login();
  const signers = Array.from({ length: 10 }, () => vaultSigner({ ...server, token, key: 'k' }));
  await Promise.all(signers.map(sign));
  expect(logins()).toBe(1);
});

test('logs in again when the server refuses the token, and signs', async () => {
  const { vault, server, logins, login } = await open();
  const signer = vaultSigner({ ...server, token: login(), key: 'k' });
  await sign(signer);
  vault.revokeTokens();
  await Promise.all([sign(signer), sign(signer), sign(signer)]);
  expect(logins()).toBe(2);
});

test('a right that is missing stays missing: one more login, no more', async () => {
  const { vault, server, logins, login } = await open();
  const signer = vaultSigner({ ...server, token: login(), key: 'k' });
  await signer.describe();
  vault.faults.denied = true;
  await expect(signer.sign(request)).rejects.toMatchObject({ reason: 'access-denied' });
  expect(logins()).toBe(2);
});

test('requests a token again that the caller renews', async () => {
  const { server, login } = await open();
  const tokens = ['hvs.over', await login()()];
  const signer = vaultSigner({ ...server, token: async () => tokens.shift() as string, key: 'k' });
  await signer.describe();
  const fixed = vaultSigner({ ...server, token: async () => 'hvs.over', key: 'k' });
  await expect(fixed.describe()).rejects.toMatchObject({ reason: 'access-denied' });
});

test('a lease is renewed before it ends', async () => {
  const { logins, login } = await open();
  let now = 0;
  const token = login({ now: () => new Date(now) });
  expect(await token()).toBe(await token());
  now = 3600 * 0.89 * 1000;
  await token();
  expect(logins()).toBe(1);
  now = 3600 * 0.91 * 1000;
  await token();
  expect(logins()).toBe(2);
});

test('reports a refused login without a secret, and tries again', async () => {
  const { server, login, vault } = await open();
  let secret_id = 'hvs.wrong';
  const token = login({ credentials: async () => ({ ...credentials, secret_id }) });
  const signer = vaultSigner({ ...server, token, key: 'k' });
  const error: unknown = await sign(signer).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ reason: 'unauthenticated', retryable: false });
  expect(JSON.stringify(error) + String(error)).not.toContain(secret_id);
  secret_id = credentials.secret_id;
  await sign(signer);
  vault.faults.throttle = 1;
  await expect(login()()).rejects.toMatchObject({ reason: 'throttled', retryable: true });
});

test("a chain in notation's place: a KV engine", async () => {
  const { server } = await open();
  const chainAt = (path: string) => vaultSigner({ ...server, token: 'root', key: 'k', chain: { kv: 'secret', path } });
  await sign(chainAt('notation/k'));
  await expect(sign(chainAt('notation/none'))).rejects.toMatchObject({ reason: 'key-not-found' });
});
