import { constants, sign as signNode } from 'node:crypto';
import { type AwsKmsClient, awsKmsSigner } from '@notarykit/kms-providers/aws';
import { signerConformance } from '@notarykit/kms-providers/conformance';
import { gcpKmsRestClient, gcpKmsSigner } from '@notarykit/kms-providers/gcp';
import { localSigner } from '@notarykit/kms-providers/local';
import { vaultSigner } from '@notarykit/kms-providers/vault';
import { ecdsaP1363ToDer, fromPayloadSigner, type Signer, signatureAlgorithms } from '@notarykit/signature-envelope';
import { createAuthority, createKeyPair, type Issued, serveAwsKms, serveGcpKms, serveVault } from '@notarykit/testing';
import { afterAll, describe, expect, test } from 'vitest';

/** The two calls of AWS KMS over the wire: not the SDK, but errors by name as it gives them. */
const awsClient = (url: string): AwsKmsClient => {
  const call = async (target: string, input: object): Promise<Record<string, string>> => {
    const headers = { 'x-amz-target': `TrentService.${target}` };
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(input) });
    const body = (await answer.json()) as Record<string, string>;
    if (!answer.ok) throw Object.assign(new Error(body['message']), { name: body['__type'] });
    return body;
  };
  const bytes = (text: string | undefined): Uint8Array => Buffer.from(text ?? '', 'base64');
  return {
    async getPublicKey(input) {
      const { KeyId, KeyUsage, PublicKey } = await call('GetPublicKey', input);
      return { KeyId, KeyUsage, PublicKey: bytes(PublicKey) };
    },
    async sign(input) {
      const Message = Buffer.from(input.Message).toString('base64');
      const { KeyId, Signature } = await call('Sign', { ...input, Message });
      return { KeyId, Signature: bytes(Signature) };
    },
  };
};

const authority = await createAuthority();
const closers: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(closers.map((close) => close())));

for (const { keySpec } of signatureAlgorithms) {
  const pair = await createKeyPair(keySpec);
  const leaf = await authority.issueLeaf({ keyPair: pair });
  const slow = { signatures: 5 };

  describe(`local ${keySpec}`, () => {
    const create = () => localSigner({ privateKey: leaf.privateKeyPem, certificateChain: leaf.pem });
    signerConformance({ test, create, keySpec });
  });

  describe(`aws ${keySpec}`, async () => {
    const service = await serveAwsKms([{ name: 'k', versions: [pair] }]);
    closers.push(service.close);
    const client = awsClient(service.url);
    const create = (keyId = 'alias/k') => awsKmsSigner({ client, keyId, certificateChain: leaf.chain });
    const faults = [{ name: 'missing', create: () => create('alias/none'), reason: 'key-not-found', retryable: false }];
    signerConformance({ test, create: () => create(), keySpec, ...slow, faults });
    test.each([
      ['denied', { denied: true }, 'access-denied', false],
      ['disabled', { disabled: true }, 'key-disabled', false],
      ['K3 throttled', { throttle: 5 }, 'throttled', true],
    ] as const)('%s', async (_, fault, reason, retryable) => {
      Object.assign(service.faults, fault);
      await expect(create().describe()).rejects.toMatchObject({ reason, retryable });
      Object.assign(service.faults, { denied: false, disabled: false, throttle: 0 });
    });
  });

  describe(`vault ${keySpec}`, async () => {
    const service = await serveVault([{ name: 'k', versions: [pair] }], { token: 't', chains: { 'k:1': leaf.pem } });
    closers.push(service.close);
    const create = (key = 'k', token = 't') => vaultSigner({ address: service.url, token, key, fetch });
    const faults = [
      { name: 'missing', create: () => create('none'), reason: 'key-not-found', retryable: false },
      { name: 'denied', create: () => create('k', 'other'), reason: 'access-denied', retryable: false },
    ];
    signerConformance({ test, create: () => create(), keySpec, ...slow, faults });
  });

  describe(`gcp ${keySpec}`, async () => {
    const name = 'projects/p/locations/l/keyRings/r/cryptoKeys/k';
    const service = await serveGcpKms([{ name, versions: [pair] }]);
    closers.push(service.close);
    const client = gcpKmsRestClient({ fetch, accessToken: async () => 't', endpoint: service.url });
    const create = () => gcpKmsSigner({ client, name, certificateChain: leaf.chain });
    if (keySpec === 'RSA-3072' || keySpec === 'EC-521')
      test('is refused: Cloud KMS has no such key', () =>
        expect(create().describe()).rejects.toMatchObject({ reason: 'unsupported-key' }));
    else signerConformance({ test, create, keySpec, ...slow });
  });
}

describe('a broken signer fails its case', async () => {
  const ec = await authority.issueLeaf();
  const rsa = await authority.issueLeaf({ keySpec: 'RSA-2048' });
  const raw = (leaf: Issued, payload: Uint8Array, options: object = {}) =>
    signNode('sha256', payload, { key: leaf.privateKeyPem, dsaEncoding: 'ieee-p1363', ...options });
  const other = await authority.issueLeaf();
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING };
  const broken: [string, Signer, 'EC-256' | 'RSA-2048', RegExp][] = [
    ['DER', fromPayloadSigner(ec.chain, async (p) => ecdsaP1363ToDer(raw(ec, p))), 'EC-256', /is DER/],
    ['K1 stale key', fromPayloadSigner(ec.chain, async (p) => raw(other, p)), 'EC-256', /another key/],
    ['PKCS#1 v1.5', fromPayloadSigner(rsa.chain, async (p) => raw(rsa, p)), 'RSA-2048', /PKCS1/],
    ['maximal salt', fromPayloadSigner(rsa.chain, async (p) => raw(rsa, p, pss)), 'RSA-2048', /salt/],
    ['K2 swapped chain', fromPayloadSigner([...ec.chain].reverse(), async (p) => raw(ec, p)), 'EC-256', /chain|key/],
  ];
  test.each(broken)('%s', async (_, signer, keySpec, message) => {
    const found: string[] = [];
    const bodies: (() => Promise<void>)[] = [];
    const collect = (_name: string, body: () => Promise<void>) => bodies.push(body);
    signerConformance({ test: collect, create: () => signer, keySpec, signatures: 1 });
    for (const body of bodies) await body().catch((error: Error) => found.push(error.message));
    expect(found.join('\n')).toMatch(message);
  });
});
