import { join } from 'node:path';
import type { KMS, KeySpec as KmsKeySpec } from '@aws-sdk/client-kms';
import { awsKmsKey, awsKmsSigner } from '@notarykit/kms-providers/aws';
import { signerConformance } from '@notarykit/kms-providers/conformance';
import { requestCertificate } from '@notarykit/kms-providers/csr';
import { type KeySpec, keySpecOf, type Signer, signEnvelope } from '@notarykit/signature-envelope';
import { signatureAlgorithms } from '@notarykit/signature-envelope/internal';
import { createAuthority } from '@notarykit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { peer } from '../../scripts/peers.mjs';
import { awsKms, secrets } from '../support/kms.js';
import { temporaryFolder } from './support/folder.ts';
import { startServer } from './support/server.ts';

const folder = temporaryFolder();
const authority = await createAuthority();
const subject = { C: 'US', ST: 'WA', O: 'Wabbit Networks', CN: 'net-monitor' };
const target = { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: `sha256:${'a'.repeat(64)}`, size: 1 };
const specs = signatureAlgorithms.map(({ keySpec }) => keySpec);
const names: Readonly<Record<KeySpec, KmsKeySpec>> = {
  'RSA-2048': 'RSA_2048',
  'RSA-3072': 'RSA_3072',
  'RSA-4096': 'RSA_4096',
  'EC-256': 'ECC_NIST_P256',
  'EC-384': 'ECC_NIST_P384',
  'EC-521': 'ECC_NIST_P521',
};

interface Emulator {
  readonly client: KMS;
  /** Makes a key; its ARN. */
  createKey(spec: KmsKeySpec, usage?: 'SIGN_VERIFY' | 'ENCRYPT_DECRYPT'): Promise<string>;
}

/** Starts the emulator before the tests of a `describe`, and ends it after them. */
function emulator(name: string, args: (port: number) => readonly string[]): () => Emulator {
  let client: KMS;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    const server = await startServer(await peer(name), args);
    ({ stop } = server);
    client = awsKms({ url: `http://${server.host}` });
  });
  afterAll(async () => {
    client.destroy();
    await stop();
  });
  return () => ({
    client,
    async createKey(spec, usage = 'SIGN_VERIFY') {
      const { KeyMetadata } = await client.createKey({ KeySpec: spec, KeyUsage: usage });
      return KeyMetadata?.Arn ?? '';
    },
  });
}

const sign = (signer: Signer) => signEnvelope(target, { signer });

describe('local-kms', () => {
  const lab = emulator('local-kms', (port) => [String(port), join(folder, 'local-kms')]);
  /** A key with its certificate, by the road that its users take. */
  async function certified(keySpec: KeySpec) {
    const { client, createKey } = lab();
    const keyId = await createKey(names[keySpec]);
    const issue = (csr: Uint8Array) => authority.issueFromCsr(csr);
    const { pem } = await requestCertificate(awsKmsKey({ client, keyId }), { subject, issue });
    return { client, keyId, certificateChain: pem };
  }

  test.each(['EC-256', 'EC-384', 'EC-521'] as const)('kms: %s: request, envelopes in both formats', async (keySpec) => {
    const signer = awsKmsSigner(await certified(keySpec));
    for (const format of ['jws', 'cose'] as const) {
      const { verified } = await signEnvelope(target, { signer, format });
      expect(verified.certificateChain[0] && keySpecOf(verified.certificateChain[0].publicKey)).toBe(keySpec);
    }
  });

  test.each(specs.filter((spec) => spec.startsWith('RSA')))(
    'kms: %s: signs with a salt as long as possible, which is found out before the envelope is made',
    async (keySpec) => {
      const signer = awsKmsSigner(await certified(keySpec));
      await expect(sign(signer)).rejects.toMatchObject({ name: 'SignerError', reason: 'bad-signature' });
    },
  );

  test('kms: an alias, a disabled key, one that will be deleted, none, one to encrypt', async () => {
    const options = await certified('EC-256');
    const { client, keyId } = options;
    await client.createAlias({ AliasName: 'alias/net-monitor', TargetKeyId: keyId });
    await sign(awsKmsSigner({ ...options, keyId: 'alias/net-monitor' }));
    await client.disableKey({ KeyId: keyId });
    await expect(sign(awsKmsSigner(options))).rejects.toMatchObject({ reason: 'key-disabled' });
    await client.enableKey({ KeyId: keyId });
    const signer = awsKmsSigner(options);
    await sign(signer);
    await client.scheduleKeyDeletion({ KeyId: keyId, PendingWindowInDays: 7 });
    await expect(sign(signer)).rejects.toMatchObject({ reason: 'key-disabled' });
    for (const none of ['alias/none', keyId.replace(/.{4}$/, '0000')])
      await expect(awsKmsSigner({ ...options, keyId: none }).describe()).rejects.toMatchObject({
        reason: 'key-not-found',
      });
    const encrypts = await lab().createKey('RSA_2048', 'ENCRYPT_DECRYPT');
    await expect(awsKmsKey({ client, keyId: encrypts }).describe()).rejects.toMatchObject({
      reason: 'wrong-key-usage',
    });
  });

  describe('the kit', () => {
    let options: Awaited<ReturnType<typeof certified>>;
    beforeAll(async () => {
      options = await certified('EC-256');
    });
    const create = () => awsKmsSigner(options);
    signerConformance({ test, create, keySpec: 'EC-256', signatures: 50, secrets: [secrets.aws] });
  });
});

// Its key service takes a digest for a message and hashes it again.
describe('moto', () => {
  const lab = emulator('moto', (port) => ['-H', '127.0.0.1', '-p', String(port)]);

  test.each(['EC-256', 'EC-384', 'RSA-2048'] as const)(
    'kms: %s: a digest that is hashed again is found out before the envelope is made',
    async (keySpec) => {
      const { client, createKey } = lab();
      const keyId = await createKey(names[keySpec]);
      const key = awsKmsKey({ client, keyId });
      const { publicKey } = await key.describe();
      // Its requests are signed over the wrong bytes, too, and no authority takes them: it gets a certificate without one.
      await expect(
        requestCertificate(key, { subject, issue: (csr) => authority.issueFromCsr(csr) }),
      ).rejects.toMatchObject({ code: expect.stringMatching(/^ERR_/) });
      const { keyPair } = await authority.issueLeaf({ keySpec });
      const { chain } = await authority.issueLeaf({ keyPair: { ...keyPair, spki: publicKey.slice() } });
      const signer = awsKmsSigner({ client, keyId, certificateChain: chain });
      await expect(sign(signer)).rejects.toMatchObject({ name: 'SignerError', reason: 'bad-signature' });
    },
  );

  test('kms: a key that is not there', async () => {
    const { client } = lab();
    for (const keyId of ['alias/none', '00000000-0000-0000-0000-000000000000'])
      await expect(awsKmsKey({ client, keyId }).describe()).rejects.toMatchObject({ reason: 'key-not-found' });
  });
});
