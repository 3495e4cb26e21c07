import { isCodedError } from '@notarykit/common';
import { awsKmsKey, awsKmsSigner } from '@notarykit/kms-providers/aws';
import { azureKeySigner, azureKeyVaultSigner, requestAzureCertificate } from '@notarykit/kms-providers/azure';
import { gcpKmsKey, gcpKmsRestClient, gcpKmsSigner } from '@notarykit/kms-providers/gcp';
import { localKey, localSigner } from '@notarykit/kms-providers/local';
import { pkcs11Signer } from '@notarykit/kms-providers/pkcs11';
import { pluginEnvelopeSigner, pluginSigner } from '@notarykit/kms-providers/plugin';
import { vaultKey, vaultLogin, vaultPki, vaultSigner } from '@notarykit/kms-providers/vault';
import { webCryptoSigner } from '@notarykit/kms-providers/webcrypto';
import { retrying } from '@notarykit/signature-envelope';
import { describe, expect, it } from 'vitest';
import { createTokenDouble } from '../../support/pkcs11/token-double.js';

// Callers without types, clients of another version, functions that fail: none of it may end in an error that nobody can test for.

// biome-ignore lint/suspicious/noExplicitAny: the wrong types are what is tried
type Any = any;
const name = 'projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1';
const parent = 'projects/p/locations/l/keyRings/r/cryptoKeys/k';
const vaultUrl = { address: 'https://vault.example', key: 'k' };
const throwing = (): never => {
  throw new Error('out of order');
};
const data = { payload: Uint8Array.of(1), data: Uint8Array.of(1), keySpec: 'EC-256' } as Any;

/** Everything that can be called of a signer or a key. */
async function failuresOf(make: () => Any): Promise<unknown[]> {
  let made: Any;
  try {
    made = make();
  } catch (error) {
    return [error];
  }
  const calls =
    typeof made === 'function' ? [() => made(Uint8Array.of(1))] : [() => made.describe(), () => made.sign(data)];
  return Promise.all(
    calls.map((call) =>
      call().then(
        () => 'no error',
        (error: unknown) => error,
      ),
    ),
  );
}

const wrongClients: Readonly<Record<string, () => Any>> = {
  'aws, a client of another kind': () => awsKmsSigner({ client: {}, keyId: 'k', certificateChain: 'x' } as Any),
  'aws, no client': () => awsKmsSigner({ keyId: 'k', certificateChain: 'x' } as Any),
  'aws, a key without a client': () => awsKmsKey({ client: null, keyId: 'k' } as Any),
  'azure, a client of another kind': () =>
    azureKeyVaultSigner({ certificates: {}, name: 'n', crypto: () => ({}) } as Any),
  'azure, no function for clients': () => azureKeyVaultSigner({ certificates: {}, name: 'n' } as Any),
  'gcp, a client of another kind': () => gcpKmsSigner({ client: {}, name, certificateChain: 'x' } as Any),
  'gcp, a client that cannot list': () => gcpKmsSigner({ client: {}, name: parent, certificateChain: 'x' } as Any),
  'gcp, a key without a client': () => gcpKmsKey({ name } as Any),
  'gcp, REST without a token': () =>
    gcpKmsSigner({
      client: gcpKmsRestClient({ fetch: async () => new Response() } as Any),
      name,
      certificateChain: 'x',
    }),
  'gcp, REST without fetch': () =>
    gcpKmsSigner({ client: gcpKmsRestClient({ accessToken: async () => 't' } as Any), name, certificateChain: 'x' }),
  'vault, no fetch': () => vaultSigner({ ...vaultUrl, token: 't' } as Any),
  'vault, a key without fetch': () => vaultKey({ ...vaultUrl, token: 't', fetch: 'x' } as Any),
  'vault, a login without fetch': () => vaultLogin({ ...vaultUrl, path: 'p', credentials: {} } as Any),
  'vault, a PKI without fetch': () => vaultPki({ ...vaultUrl, token: 't', role: 'r', commonName: 'c' } as Any),
  'pkcs11, another package': () => pkcs11Signer({ library: '/x.so', pkcs11js: {}, keyLabel: 'k' } as Any),
  'plugin, no key': () => pluginSigner({ name: 'x' } as Any),
  'plugin, a configuration of numbers': () => pluginSigner({ name: 'x', keyId: 'k', pluginConfig: { a: 5 } } as Any),
  'plugin, a configuration that is none': () => pluginEnvelopeSigner({ name: 'x', keyId: 'k', pluginConfig: 5 } as Any),
};

describe('what the caller passes in', () => {
  it.each(Object.keys(wrongClients))('is checked before it is called: %s', async (what) => {
    for (const error of await failuresOf(wrongClients[what] as () => Any))
      expect(error).toMatchObject({ name: 'SignerError', reason: 'invalid-request', retryable: false });
  });

  it('of an issuance in Azure, too', async () => {
    const asked = { name: 'n', subject: { CN: 'n' }, keySpec: 'EC-256' };
    const invalid = { name: 'SignerError', reason: 'invalid-request' };
    await expect(requestAzureCertificate({ ...asked, certificates: {} } as Any)).rejects.toMatchObject(invalid);
    const certificates = { beginCreateCertificate() {}, getCertificateOperation() {}, mergeCertificate() {} };
    await expect(requestAzureCertificate({ ...asked, certificates } as Any)).rejects.toMatchObject(invalid);
  });

  const oddAnswers: Readonly<Record<string, () => Any>> = {
    'aws, an answer that is none': () =>
      awsKmsSigner({ client: { getPublicKey: async () => undefined }, keyId: 'k', certificateChain: 'x' } as Any),
    'aws, a client that throws': () =>
      awsKmsSigner({ client: { getPublicKey: throwing }, keyId: 'k', certificateChain: 'x' } as Any),
    'aws, a public key as text': () =>
      awsKmsKey({ client: { getPublicKey: async () => ({ PublicKey: 'x' }) }, keyId: 'k' } as Any),
    'aws, a chain that cannot be had': () =>
      awsKmsSigner({ client: { getPublicKey: async () => ({}) }, keyId: 'k', certificateChain: throwing } as Any),
    'azure, an answer that is none': () =>
      azureKeyVaultSigner({
        certificates: { getCertificate: async () => undefined },
        name: 'n',
        crypto: () => ({}),
      } as Any),
    'azure, no key': () => azureKeySigner({ client: {}, certificateChain: 'x' } as Any),
    'gcp, an answer that is none': () =>
      gcpKmsSigner({ client: { getPublicKey: async () => undefined }, name, certificateChain: 'x' } as Any),
    'gcp, an empty answer': () => gcpKmsKey({ client: { getPublicKey: async () => [null] }, name } as Any),
    'gcp, versions that are none': () =>
      gcpKmsKey({ client: { listCryptoKeyVersions: async () => [[null, { name: 5 }]] }, name: parent } as Any),
    'vault, a fetch that gives nothing': () =>
      vaultSigner({ ...vaultUrl, token: 't', fetch: async () => undefined } as Any),
    'vault, a token that cannot be had': () =>
      vaultSigner({ ...vaultUrl, token: throwing, fetch: async () => ({}) } as Any),
    'vault, a login to nowhere': () => vaultLogin({} as Any),
    'local, no key': () => localSigner({} as Any),
    'local, a number for a key': () => localKey({ privateKey: 5 } as Any),
    'webcrypto, nothing': () => webCryptoSigner({} as Any),
    'pkcs11, a library without functions': () =>
      pkcs11Signer({ library: '/x.so', pkcs11js: { PKCS11: class {} }, keyLabel: 'k' } as Any),
    'plugin, nothing': () => pluginSigner({} as Any),
    'plugin, a number for a name': () => pluginSigner({ name: 5, keyId: 'k' } as Any),
    'plugin, a number for a path': () => pluginSigner({ path: 5, keyId: 'k' } as Any),
  };

  it.each(Object.keys(oddAnswers))('ends in a coded error whatever it answers: %s', async (what) => {
    const errors = await failuresOf(oddAnswers[what] as () => Any);
    expect(errors.filter((error) => !isCodedError(error) || (error as Any).name === 'TypeError')).toEqual([]);
  });

  it.each([Number.NaN, -1, '3', null])('is not a policy of retries with %s in it', (wrong) => {
    const invalid = expect.objectContaining({ reason: 'invalid-request' });
    const signer = { describe: throwing, sign: throwing };
    for (const name of ['retries', 'delayMs', 'maxRetryAfterMs'])
      expect(() => retrying(signer, { [name]: wrong })).toThrow(invalid);
  });

  it('is not a PIN when it is a number', async () => {
    const { pkcs11js } = createTokenDouble({ label: 't', pin: '1234', keys: [] });
    for (const pin of [1234, () => 1234]) {
      const signer = pkcs11Signer({ library: '/x.so', pkcs11js, keyLabel: 'k', pin } as Any);
      await expect(signer.describe()).rejects.toMatchObject({ name: 'SignerError', reason: 'invalid-request' });
    }
  });

  it('is the cause when no token can be obtained', async () => {
    const signer = vaultSigner({ ...vaultUrl, token: throwing, fetch: async () => new Response() } as Any);
    await expect(signer.describe()).rejects.toMatchObject({
      reason: 'unauthenticated',
      cause: { message: 'out of order' },
    });
  });
});
