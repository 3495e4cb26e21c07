import { inspect } from 'node:util';
import { localKey, localSigner } from '@notarykit/kms-providers/local';
import { signEnvelope } from '@notarykit/signature-envelope';
import { signatureAlgorithms } from '@notarykit/signature-envelope/internal';
import { createAuthority } from '@notarykit/testing';
import { exportJWK } from 'jose';
import { describe, expect, it } from 'vitest';

const authority = await createAuthority();
const leaf = await authority.issueLeaf();
const jwk = await exportJWK(leaf.privateKey);
const other = await exportJWK((await authority.issueLeaf({ keySpec: 'EC-384' })).privateKey);
const rsa = await exportJWK((await authority.issueLeaf({ keySpec: 'RSA-2048' })).privateKey);
const artifact = {
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest: `sha256:${'a'.repeat(64)}`,
  size: 7,
} as const;

describe('a JWK as the key of localSigner', () => {
  it.each(signatureAlgorithms)('$keySpec signs an envelope that verifies', async ({ keySpec, jws }) => {
    const own = await authority.issueLeaf({ keySpec });
    const privateKey = { ...(await exportJWK(own.privateKey)), alg: jws, use: 'sig', key_ops: ['sign'] };
    const signer = localSigner({ privateKey, certificateChain: own.chain });
    const { verified } = await signEnvelope(artifact, { signer });
    expect(verified.algorithm.keySpec).toBe(keySpec);
  });

  it('a JsonWebKey of WebCrypto is one, extractable or not', async () => {
    const privateKey: JsonWebKey = { ...(await crypto.subtle.exportKey('jwk', leaf.privateKey)), ext: false };
    expect(await localSigner({ privateKey, certificateChain: leaf.chain }).describe()).toMatchObject({
      keySpec: 'EC-256',
    });
    expect((await localKey({ privateKey }).describe()).publicKey).toEqual(leaf.keyPair.spki);
  });

  it.each([
    ['no JWK', {}, 'bad-key'],
    ['a set of keys', { keys: [jwk] }, 'bad-key'],
    ['a public key', { ...jwk, d: undefined }, 'bad-key'],
    ['another point than the curve has', { ...jwk, x: jwk.y, y: jwk.x }, 'bad-key'],
    ['text that is not base64url', { ...jwk, d: '!' }, 'bad-key'],
    ['an RSA key without its primes', { ...rsa, p: undefined }, 'bad-key'],
    ['a key of another curve', { ...jwk, crv: 'secp256k1' }, 'unsupported-key'],
    ['an Edwards key', { kty: 'OKP', crv: 'Ed25519', x: 'AA', d: 'AA' }, 'unsupported-key'],
    ['a secret', { kty: 'oct', k: 'AAAA' }, 'unsupported-key'],
    ['a short RSA key', { ...rsa, n: 'AQAB' }, 'unsupported-key'],
    ['a key to encrypt with', { ...jwk, use: 'enc' }, 'wrong-key-usage'],
    ['a key that may derive', { ...jwk, key_ops: ['deriveBits'] }, 'wrong-key-usage'],
    ['a key that may do what only contains the word', { ...jwk, key_ops: 'unsigned' }, 'wrong-key-usage'],
    ['a key whose operations are a number', { ...jwk, key_ops: 7 }, 'wrong-key-usage'],
    ['a key of a curve that every object has', { ...jwk, crv: 'constructor' }, 'unsupported-key'],
    ['a key for another algorithm', { ...rsa, alg: 'RS256' }, 'wrong-key-usage'],
    ['the key of another certificate', other, 'chain-mismatch'],
  ])('refuses %s, and shows nothing of it', async (_, privateKey, reason) => {
    const signer = localSigner({ privateKey: privateKey as JsonWebKey, certificateChain: leaf.chain });
    const error: unknown = await signer.describe().catch((found: unknown) => found);
    expect(error).toMatchObject({ name: 'SignerError', reason });
    for (const secret of [jwk.d, other.d, rsa.d, rsa.p, rsa.q]) expect(inspect(error)).not.toContain(secret);
  });
});
