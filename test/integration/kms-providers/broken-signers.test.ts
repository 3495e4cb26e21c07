import { constants, sign as signNode } from 'node:crypto';
import { signerConformance } from '@notarykit/kms-providers/conformance';
import { ecdsaP1363ToDer, fromPayloadSigner, type Signer } from '@notarykit/signature-envelope';
import { createAuthority, type Issued } from '@notarykit/testing';
import { describe, expect, test } from 'vitest';

const authority = await createAuthority();

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
