import { awsKmsSigner } from '@notarykit/kms-providers/aws';
import { gcpKmsSigner } from '@notarykit/kms-providers/gcp';
import { vaultSigner } from '@notarykit/kms-providers/vault';
import { retrying, type Signer } from '@notarykit/signature-envelope';
import { checkedSigner } from '@notarykit/signature-envelope/internal';
import { createAuthority, type KmsFaults, serveAwsKms, serveGcpKms, serveVault } from '@notarykit/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { awsKms, googleKms, secrets } from '../../support/kms.js';
import { type Provider, type ProviderLab, providers } from '../../support/kms-providers.js';

const authority = await createAuthority();
const leaf = await authority.issueLeaf();
const next = await authority.issueLeaf();
const rsa = await authority.issueLeaf({ keySpec: 'RSA-2048' });
const request = { payload: Uint8Array.of(1, 2, 3), keySpec: 'EC-256' } as const;
const closers: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(closers.map((close) => close())));

const services = providers.filter(({ name }) => !['local', 'webcrypto', 'pkcs11'].includes(name));
const rotating = services.filter(({ name }) => name !== 'azure-hsm');

async function open(provider: Provider, issued = leaf): Promise<ProviderLab & { faults: KmsFaults }> {
  const lab = await provider.start(issued);
  closers.push(lab.close);
  return { ...lab, faults: lab.service?.faults as KmsFaults };
}

/** Closes with the others. */
async function opened<T extends { close(): Promise<void> }>(service: Promise<T>): Promise<T> {
  const found = await service;
  closers.push(() => found.close());
  return found;
}

const isSigned = async (signer: Signer): Promise<unknown> => checkedSigner(signer).sign(request);

describe.each(services)('$name', (provider) => {
  test('K3 throttling passes when the signer asks again', async () => {
    const { create, faults } = await open(provider);
    faults.throttle = 2;
    await isSigned(retrying(create(), { delayMs: 1 }));
    faults.throttle = 1;
    await expect(isSigned(create())).rejects.toMatchObject({ reason: 'throttled', retryable: true });
  });

  test('K1 never returns a wrong signature of the service', async () => {
    const { create, faults } = await open(provider, rsa);
    const sign = () => checkedSigner(create()).sign({ ...request, keySpec: 'RSA-2048' });
    faults.maximalSalt = true;
    await expect(sign()).rejects.toMatchObject({ reason: 'bad-signature' });
    faults.maximalSalt = false;
    faults.wrongSignature = true;
    await expect(sign()).rejects.toMatchObject({ reason: 'bad-signature' });
    const ec = await open(provider);
    ec.faults.swapEncoding = true;
    await expect(isSigned(ec.create())).rejects.toMatchObject({ reason: expect.stringMatching(/^bad-signature/) });
  });

  test('looks a key up again after the service was unavailable', async () => {
    const { create, faults } = await open(provider);
    const signer = create();
    faults.denied = true;
    await expect(isSigned(signer)).rejects.toMatchObject({ reason: 'access-denied' });
    faults.denied = false;
    await isSigned(signer);
  });
});

describe.each(rotating)('$name, rotated', (provider) => {
  test('K1 the version that was pinned signs, whatever is current', async () => {
    const { create, rotate } = await open(provider);
    const signer = create();
    const before = await signer.describe();
    rotate?.(next);
    const { certificateChain } = await checkedSigner(signer).sign(request);
    expect(certificateChain[0]).toEqual(leaf.certificate);
    expect((await signer.describe()).keyId).toBe(before.keyId);
    const fresh = await checkedSigner(create()).sign(request);
    expect(fresh.certificateChain[0]).toEqual(next.certificate);
  });

  test('K1 detects a service that signs with the newest version', async () => {
    const { create, rotate, faults } = await open(provider);
    const signer = create();
    await signer.describe();
    rotate?.(next);
    faults.ignoreVersion = true;
    await expect(isSigned(signer)).rejects.toMatchObject({ reason: 'bad-signature' });
  });

  test('uses the replacement of a disabled version', async () => {
    const { create, rotate, faults } = await open(provider);
    const signer = create();
    await signer.describe();
    rotate?.(next);
    faults.disabled = true;
    await expect(signer.sign(request)).rejects.toMatchObject({ reason: 'key-disabled' });
    faults.disabled = false;
    const { certificateChain } = await checkedSigner(signer).sign(request);
    expect(certificateChain[0]).toEqual(next.certificate);
  });
});

describe('aws', () => {
  const start = () => opened(serveAwsKms([{ name: 'k', versions: [leaf.keyPair] }]));
  const signerOf = (client: ReturnType<typeof awsKms>, keyId = 'alias/k', more: object = {}) =>
    awsKmsSigner({ client, keyId, certificateChain: leaf.chain, ...more });

  test('a wrong clock: fails once, then the client corrects it on a retry', async () => {
    const service = await start();
    service.faults.clockSkewMs = 3_600_000;
    await expect(isSigned(signerOf(awsKms(service)))).rejects.toMatchObject({ reason: 'unauthenticated' });
    await isSigned(signerOf(awsKms(service, { maxAttempts: 2 })));
  });

  test('K3 the client asks again by itself when it is throttled', async () => {
    const service = await start();
    service.faults.throttle = 1;
    await isSigned(signerOf(awsKms(service, { maxAttempts: 3 })));
  });

  test('a key is named by id, ARN, alias or ARN of an alias', async () => {
    const service = await start();
    const account = 'arn:aws:kms:eu-west-1:111122223333';
    for (const keyId of ['k-1', `${account}:key/k-1`, 'alias/k', `${account}:alias/k`]) {
      const signer = signerOf(awsKms(service), keyId);
      expect((await signer.describe()).keyId).toBe(`${account}:key/k-1`);
      await isSigned(signer);
    }
  });

  test('takes the public key from the chain without the right to read it', async () => {
    const service = await start();
    service.faults.readDenied = true;
    await expect(isSigned(signerOf(awsKms(service)))).rejects.toMatchObject({ reason: 'access-denied' });
    await isSigned(signerOf(awsKms(service), 'alias/k', { publicKey: 'chain' }));
    expect(service.requests.at(-1)).toBe('POST TrentService.Sign');
  });

  test('a key that was made to encrypt does not sign', async () => {
    const service = await opened(serveAwsKms([{ name: 'k', versions: [rsa.keyPair], usage: 'encrypt' }]));
    await expect(signerOf(awsKms(service)).describe()).rejects.toMatchObject({ reason: 'wrong-key-usage' });
  });

  test('K2 refuses a chain of another key before it requests a signature', async () => {
    const service = await start();
    const signer = signerOf(awsKms(service), 'alias/k', { certificateChain: next.chain });
    await expect(isSigned(signer)).rejects.toMatchObject({ reason: 'chain-mismatch' });
    expect(service.requests).toEqual(['POST TrentService.GetPublicKey']);
  });

  test('K10 the key is looked up once, by however many signatures at once', async () => {
    const service = await start();
    const signer = signerOf(awsKms(service));
    await Promise.all(Array.from({ length: 20 }, () => isSigned(signer)));
    expect(service.requests.filter((one) => one.endsWith('GetPublicKey'))).toHaveLength(1);
  });
});

describe('gcp', () => {
  const name = 'projects/p/locations/l/keyRings/r/cryptoKeys/k';
  const version = (n: number) => `${name}/cryptoKeyVersions/${n}`;
  const signerOf = (client: ReturnType<typeof googleKms>, key: string, chain = leaf.chain) =>
    gcpKmsSigner({ client, name: key, certificateChain: chain });

  test('a key without version means the newest that is enabled; a version means that one', async () => {
    const client = googleKms(await opened(serveGcpKms([{ name, versions: [leaf.keyPair, next.keyPair] }])));
    expect((await signerOf(client, name, next.chain).describe()).keyId).toBe(version(2));
    await isSigned(signerOf(client, version(1)));
    await expect(signerOf(client, version(9)).describe()).rejects.toMatchObject({ reason: 'key-not-found' });
  });

  test.each(['RSA-3072', 'EC-521'] as const)(
    '%s is refused before a signature: Cloud KMS has no such algorithm',
    async (keySpec) => {
      const issued = await authority.issueLeaf({ keySpec });
      const service = await opened(serveGcpKms([{ name, versions: [issued.keyPair] }]));
      const signer = signerOf(googleKms(service), name, issued.chain);
      await expect(signer.describe()).rejects.toMatchObject({ reason: 'unsupported-key' });
    },
  );

  test('a key that was made to decrypt does not sign', async () => {
    const service = await opened(serveGcpKms([{ name, versions: [rsa.keyPair], usage: 'encrypt' }]));
    const signer = signerOf(googleKms(service), name, rsa.chain);
    await expect(signer.describe()).rejects.toMatchObject({ reason: 'unsupported-key' });
  });
});

test('vault: a version that is named, one that is not there, and a key that was made to encrypt', async () => {
  const keys = [
    { name: 'k', versions: [leaf.keyPair, next.keyPair] },
    { name: 'e', versions: [rsa.keyPair], usage: 'encrypt' as const },
  ];
  const chains = { 'k:1': leaf.pem, 'k:2': next.pem };
  const service = await opened(serveVault(keys, { token: secrets.vault, chains }));
  const signerOf = (key: string, version?: number) =>
    vaultSigner({
      address: service.url,
      token: secrets.vault,
      fetch,
      key,
      ...(version === undefined ? {} : { version }),
    });
  const { certificateChain } = await checkedSigner(signerOf('k', 1)).sign(request);
  expect(certificateChain[0]).toEqual(leaf.certificate);
  await expect(signerOf('k', 9).describe()).rejects.toMatchObject({ reason: 'key-not-found' });
  await expect(signerOf('e').describe()).rejects.toMatchObject({ reason: 'wrong-key-usage' });
});
