import { azureKeySigner, azureKeyVaultSigner } from '@notarykit/kms-providers/azure';
import type { Signer } from '@notarykit/signature-envelope';
import { checkedSigner } from '@notarykit/signature-envelope/internal';
import { createAuthority, type KeyVaultCertificate, type KeyVaultDouble, serveKeyVault } from '@notarykit/testing';
import { afterAll, expect, test } from 'vitest';
import { azureClients } from '../../support/kms.js';

const authority = await createAuthority({ intermediates: 2 });
const leaf = await authority.issueLeaf();
const request = { payload: Uint8Array.of(1, 2, 3), keySpec: 'EC-256' } as const;
const closers: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(closers.map((close) => close())));

async function open(more: Partial<KeyVaultCertificate> = {}): Promise<KeyVaultDouble> {
  const vault = await serveKeyVault([{ name: 'k', versions: [leaf], ...more }]);
  closers.push(vault.close);
  return vault;
}

const signerOf = (vault: KeyVaultDouble, more: object = {}, clients = azureClients(vault)): Signer => {
  const { certificates, crypto } = clients;
  return azureKeyVaultSigner({ certificates, crypto, name: 'k', caCertificates: leaf.chain.slice(1), ...more });
};
const sign = (signer: Signer) => checkedSigner(signer).sign(request);

test('the client answers the challenge with a token for the resource that it names', async () => {
  const vault = await open();
  const clients = azureClients(vault);
  await sign(signerOf(vault, {}, clients));
  expect(new Set(clients.credential.scopes)).toEqual(new Set([`${vault.resource}/.default`]));
});

test('one client signs everything of a key: it reads the key and asks for a token once', async () => {
  const vault = await open();
  const clients = azureClients(vault);
  const made: string[] = [];
  const crypto = (keyId: string) => {
    made.push(keyId);
    return clients.crypto(keyId);
  };
  const signer = signerOf(vault, { crypto }, clients);
  for (let i = 0; i < 5; i++) await sign(signer);
  expect(made).toEqual([(await signer.describe()).keyId]);
  expect(vault.requests.filter((one) => one.startsWith('GET /keys/'))).toHaveLength(2);
  expect(vault.requests.filter((one) => one.endsWith('/sign'))).toHaveLength(5);
});

test.each([
  ['application/x-pem-file', false],
  ['application/x-pem-file', true],
  ['application/x-pkcs12', false],
  ['application/x-pkcs12', true],
] as const)('the chain comes from the secret: %s, exportable: %s', async (contentType, exportable) => {
  const vault = await open({ contentType, exportable });
  const { secrets } = azureClients(vault);
  const { certificateChain } = await sign(signerOf(vault, { secrets, caCertificates: undefined }));
  expect(certificateChain).toEqual(leaf.chain);
});

test('an unreadable secret: the message says what to do', async () => {
  const vault = await open();
  const secrets = { getSecret: async () => ({ value: 'AAAA', properties: { contentType: 'application/x-pkcs12' } }) };
  const signer = signerOf(vault, { secrets, caCertificates: undefined });
  await expect(sign(signer)).rejects.toMatchObject({
    reason: 'chain-mismatch',
    message: expect.stringContaining('application/x-pem-file'),
  });
});

test('K2 a chain without issuers is refused before a signature is requested', async () => {
  const vault = await open();
  await expect(sign(signerOf(vault, { caCertificates: undefined }))).rejects.toMatchObject({
    reason: 'chain-mismatch',
  });
  expect(vault.requests.filter((one) => one.endsWith('/sign'))).toEqual([]);
});

test('a version that is not there is answered with the latest, and refused', async () => {
  const vault = await open();
  const version = '0'.repeat(32);
  await expect(sign(signerOf(vault, { version }))).rejects.toMatchObject({ reason: 'key-not-found' });
  const { certificates } = azureClients(vault);
  const { properties } = await certificates.getCertificate('k');
  await sign(signerOf(vault, { version: properties.version }));
});

test('K3 a throttled vault says how long to wait, and the client waits', async () => {
  const vault = await open();
  vault.faults.throttle = 2;
  await sign(signerOf(vault, {}, azureClients(vault, { maxRetries: 3 })));
});

test('keys/get is not needed', async () => {
  const vault = await open();
  const { crypto, certificates } = azureClients(vault);
  const { keyId = '' } = await certificates.getCertificate('k');
  vault.faults.readDenied = true;
  await sign(azureKeySigner({ client: crypto(keyId), keyId, certificateChain: leaf.chain }));
});

test.each([
  ['may not sign', { keyOperations: ['verify'] }, 'wrong-key-usage'],
  ['is over', { expires: new Date('2021-01-01') }, 'key-disabled'],
  ['is not there yet', { notBefore: new Date('2119-01-01') }, 'key-disabled'],
] as const)('a key that %s is refused', async (_, more, reason) => {
  await expect(sign(signerOf(await open(more)))).rejects.toMatchObject({ reason });
});

test('K1 a key without version is refused: a rotation would change it unnoticed', async () => {
  const vault = await open();
  const { crypto } = azureClients(vault);
  const keyId = `${vault.url}/keys/k`;
  const make = () => azureKeySigner({ client: crypto(keyId), keyId, certificateChain: leaf.chain });
  expect(make).toThrow(expect.objectContaining({ reason: 'bad-key' }));
});
