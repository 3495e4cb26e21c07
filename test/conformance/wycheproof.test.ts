import type { HashAlgorithm } from '@notarykit/common';
import type { PublicKey } from '@notarykit/pki';
import { parsePublicKey, type VerifyRawRequest, verifyRaw } from '@notarykit/pki/internal';
import { expect, test } from 'vitest';
import { countVectors, vectorJson, vectorList, vectorSet } from '../vectors.ts';

interface Group {
  readonly publicKeyDer?: string;
  readonly publicKeyAsn?: string;
  readonly sha: string;
  readonly sLen?: number;
  readonly tests: readonly { tcId: number; msg: string; sig: string; result: string }[];
}

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
const hashes: Readonly<Record<string, HashAlgorithm>> = {
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

/** Files whose algorithm (SHA-1, MGF1 with SHA-1, no salt) the SDK never uses: all their vectors are refused. */
const refused = /mgf1_0_|sha1_mgf1|mgf1sha1/;

function schemeOf(file: string): Pick<VerifyRawRequest, 'scheme' | 'ecdsaFormat'> {
  if (file.startsWith('rsa_pss')) return { scheme: 'rsassa-pss' };
  if (file.startsWith('rsa_signature')) return { scheme: 'rsassa-pkcs1' };
  return { scheme: 'ecdsa', ecdsaFormat: file.includes('p1363') ? 'raw' : 'der' };
}

function requestOf(file: string, group: Group, publicKey: PublicKey): Omit<VerifyRawRequest, 'data' | 'signature'> {
  const hash = hashes[group.sha] ?? 'sha256';
  const saltLength = group.sLen === undefined ? {} : { saltLength: group.sLen };
  return { publicKey, hash, ...schemeOf(file), ...saltLength };
}

const groupsOf = (file: string): Group[] => vectorJson('wycheproof', file).testGroups;
const keyOf = (group: Group): PublicKey => parsePublicKey(hex(group.publicKeyDer ?? group.publicKeyAsn ?? ''));

vectorSet('wycheproof', 'wycheproof', () => {
  const files = vectorList('wycheproof').filter((file) => /^(ecdsa|rsa)_.*\.json$/.test(file));
  test.for(files)('%s', async (file, context) => {
    const wrong: string[] = [];
    let total = 0;
    for (const group of groupsOf(file)) {
      const request = requestOf(file, group, keyOf(group));
      for (const { tcId, msg, sig, result } of group.tests) {
        const expected = result === 'valid' && !refused.test(file);
        const found = await verifyRaw({ ...request, data: hex(msg), signature: hex(sig) });
        if (found !== expected) wrong.push(`${tcId}: expected ${expected}, found ${found}`);
        total++;
      }
    }
    expect(wrong).toEqual([]);
    countVectors(context, total, total);
  });

  // The salt that Notary signatures have, in place of the vectors' own. One vector without salt was "modified" by a salt of 32
  // bytes, which makes it a genuine PS256 signature of that key.
  test.for<[string, number[]]>([
    ['rsa_pss_2048_sha256_mgf1_0_test.json', [69]],
    ['rsa_pss_2048_sha1_mgf1_20_test.json', []],
    ['rsa_pss_2048_sha256_mgf1sha1_20_test.json', []],
  ])('J21 %s as PS256 signatures: refused but for %j', async ([file, genuine], context) => {
    const accepted: number[] = [];
    for (const group of groupsOf(file)) {
      const request = { publicKey: keyOf(group), hash: 'sha256', scheme: 'rsassa-pss' } as const;
      for (const { tcId, msg, sig } of group.tests) {
        if (await verifyRaw({ ...request, data: hex(msg), signature: hex(sig) })) accepted.push(tcId);
      }
    }
    expect(accepted).toEqual(genuine);
    countVectors(context, 0, 0);
  });
});
