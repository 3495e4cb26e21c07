import { signerConformance } from '@notarykit/kms-providers/conformance';
import { requestCertificate } from '@notarykit/kms-providers/csr';
import { vaultKey, vaultLogin, vaultPki, vaultSigner } from '@notarykit/kms-providers/vault';
import { type KeySpec, keySpecOf, type SignedEnvelope, signEnvelope } from '@notarykit/signature-envelope';
import { signatureAlgorithms } from '@notarykit/signature-envelope/internal';
import { createAuthority } from '@notarykit/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { peer } from '../../scripts/peers.mjs';
import { type RunningServer, startServer } from './support/server.ts';

const token = 'root-token-1';
const authority = await createAuthority();
const subject = { C: 'US', ST: 'WA', O: 'Wabbit Networks', CN: 'net-monitor' };
const target = { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: `sha256:${'a'.repeat(64)}`, size: 1 };
let server: RunningServer;
let address: string;

beforeAll(async () => {
  const program = await peer('bao');
  const dev = ['server', '-dev', '-dev-no-store-token', `-dev-root-token-id=${token}`];
  server = await startServer(program, (port) => [...dev, `-dev-listen-address=127.0.0.1:${port}`]);
  address = `http://${server.host}`;
  // It listens before it is unsealed, and mounts what it serves after that.
  await vi.waitFor(() => done('GET', 'sys/mounts'), { timeout: 60_000 });
  for (const type of ['transit', 'pki', 'approle'])
    await done('POST', `sys/${type === 'approle' ? 'auth' : 'mounts'}/${type}`, { type });
});
afterAll(() => server.stop());

async function ask(method: string, path: string, body?: object) {
  const answer = await fetch(`${address}/v1/${path}`, {
    method,
    headers: { 'x-vault-token': token },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    text,
    data: text === '' ? {} : (JSON.parse(text) as { data?: Record<string, never> }),
  };
}

/** What an operator does, which must succeed. */
async function done(method: string, path: string, body?: object): Promise<Record<string, string>> {
  const { status, text, data } = await ask(method, path, body);
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`);
  return (data.data ?? {}) as Record<string, string>;
}

const specOf = ({ verified }: SignedEnvelope): KeySpec | undefined =>
  verified.certificateChain[0] && keySpecOf(verified.certificateChain[0].publicKey);

const types: Readonly<Record<KeySpec, string>> = {
  'RSA-2048': 'rsa-2048',
  'RSA-3072': 'rsa-3072',
  'RSA-4096': 'rsa-4096',
  'EC-256': 'ecdsa-p256',
  'EC-384': 'ecdsa-p384',
  'EC-521': 'ecdsa-p521',
};

/** A key with a certificate that lies beside it. */
async function certifiedKey(key: string, keySpec: KeySpec) {
  await done('POST', `transit/keys/${key}`, { type: types[keySpec] });
  const certifiable = vaultKey({ address, token, key, fetch });
  const { pem } = await requestCertificate(certifiable, { subject, issue: (csr) => authority.issueFromCsr(csr) });
  await certifiable.storeChain(pem);
  return { address, token, key, fetch };
}

describe('openbao', () => {
  test.each(signatureAlgorithms.map(({ keySpec }) => keySpec))(
    'kms: %s: request, chain beside the key, envelopes in both formats',
    async (keySpec) => {
      const signer = vaultSigner(await certifiedKey(`all-${keySpec}`, keySpec));
      for (const format of ['jws', 'cose'] as const)
        expect(specOf(await signEnvelope(target, { signer, format }))).toBe(keySpec);
    },
  );

  test('kms: a rotated key, a version that is over, a key that is not there', async () => {
    const options = await certifiedKey('rotated', 'EC-256');
    const signer = vaultSigner(options);
    await signEnvelope(target, { signer });
    await done('POST', 'transit/keys/rotated/rotate');
    await signEnvelope(target, { signer });
    await done('POST', 'transit/keys/rotated/config', { min_encryption_version: 2 });
    await expect(signEnvelope(target, { signer })).rejects.toMatchObject({ reason: 'key-disabled' });
    await expect(vaultSigner({ ...options, key: 'none' }).describe()).rejects.toMatchObject({
      reason: 'key-not-found',
    });
    await expect(vaultSigner({ ...options, token: 'wrong' }).describe()).rejects.toMatchObject({
      reason: expect.stringMatching(/^(access-denied|unauthenticated)$/),
    });
  });

  test('kms: a login with a right to one key alone', async () => {
    const options = await certifiedKey('mine', 'EC-256');
    await certifiedKey('other', 'EC-256');
    const policy =
      'path "transit/keys/mine" { capabilities = ["read"] } path "transit/sign/mine" { capabilities = ["update"] }';
    await done('POST', 'sys/policies/acl/signing', { policy });
    await done('POST', 'auth/approle/role/signing', { token_policies: 'signing' });
    const { role_id = '' } = await done('GET', 'auth/approle/role/signing/role-id');
    const { secret_id = '' } = await done('POST', 'auth/approle/role/signing/secret-id', {});
    const login = vaultLogin({ address, fetch, path: 'auth/approle/login', credentials: { role_id, secret_id } });
    await signEnvelope(target, { signer: vaultSigner({ ...options, token: login }) });
    await expect(vaultSigner({ ...options, key: 'other', token: login }).describe()).rejects.toMatchObject({
      reason: 'access-denied',
    });
    const wrong = vaultLogin({ address, fetch, path: 'auth/approle/login', credentials: { role_id, secret_id: 'no' } });
    await expect(wrong()).rejects.toMatchObject({ reason: 'unauthenticated' });
  });

  test('kms: the PKI engine as authority', async () => {
    await done('POST', 'sys/mounts/pki/tune', { max_lease_ttl: '87600h' });
    await done('POST', 'pki/root/generate/internal', {
      common_name: 'Root',
      ttl: '87600h',
      key_type: 'ec',
      key_bits: 256,
    });
    const named = { country: 'US', province: 'WA', organization: 'Wabbit Networks', allow_any_name: true };
    const usages = { server_flag: false, client_flag: false, code_signing_flag: true, key_usage: ['DigitalSignature'] };
    const rest = { enforce_hostnames: false, require_cn: true, key_type: 'any', max_ttl: '2160h' };
    await done('POST', 'pki/roles/signing', { ...named, ...usages, ...rest });
    await done('POST', 'transit/keys/issued', { type: 'ecdsa-p256' });
    const key = vaultKey({ address, token, key: 'issued', fetch });
    const issue = vaultPki({ address, token, fetch, role: 'signing', commonName: subject.CN });
    await expect(requestCertificate(key, { subject: { ...subject, O: 'Another' }, issue })).rejects.toMatchObject({
      reason: 'chain-mismatch',
    });
    const { pem } = await requestCertificate(key, { subject, issue });
    await key.storeChain(pem);
    await signEnvelope(target, { signer: vaultSigner({ address, token, key: 'issued', fetch }) });
  });
});

describe('openbao: the kit', () => {
  let options: Awaited<ReturnType<typeof certifiedKey>>;
  beforeAll(async () => {
    options = await certifiedKey('kit', 'EC-256');
  });
  signerConformance({ test, create: () => vaultSigner(options), keySpec: 'EC-256', signatures: 50, secrets: [token] });
});
