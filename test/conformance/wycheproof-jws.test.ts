import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { CodedError, isJsonObject, parseJson, utf8 } from '@notarykit/common';
import { decodeBase64Url } from '@notarykit/common/internal';
import { parsePublicKey, verifyRaw } from '@notarykit/pki/internal';
import { algorithmOf, keySpecOf } from '@notarykit/signature-envelope';
import { createTrustLab } from '@notarykit/testing';
import { expect, test } from 'vitest';
import { forgeJws, openJws } from '../forge/jws.js';
import { countVectors, vectorJson, vectorSet } from '../vectors.js';

interface Vector {
  readonly tcId: number;
  readonly jws: string;
  readonly result: 'valid' | 'invalid';
}

interface Group {
  readonly public?: JsonWebKey;
  readonly tests: readonly Vector[];
}

/** Verifies with the parts that envelopes are verified with: strict base64url and JSON, the key's algorithm, one signature. */
async function accepts(jws: string, jwk: JsonWebKey): Promise<boolean> {
  const [header = '', payload = '', signature = '', ...rest] = jws.split('.');
  const publicKey = parsePublicKey(
    new Uint8Array(createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'der', type: 'spki' })),
  );
  const algorithm = algorithmOf(keySpecOf(publicKey));
  // A JWK says what it is for, which a certificate says by its key usage.
  if ((jwk['alg'] ?? algorithm.jws) !== algorithm.jws || !forSigning(jwk)) return false;
  const document = parseJson(decodeBase64Url(header));
  if (rest.length > 0 || !isJsonObject(document) || document['alg'] !== algorithm.jws) return false;
  decodeBase64Url(payload);
  return verifyRaw({
    publicKey,
    scheme: algorithm.type === 'rsa' ? 'rsassa-pss' : 'ecdsa',
    hash: algorithm.hash,
    data: utf8(`${header}.${payload}`),
    signature: decodeBase64Url(signature),
  });
}

vectorSet('wycheproof', 'wycheproof', () => {
  test("JWS: nothing invalid is accepted, nothing valid of the key's own algorithm is refused", async (context) => {
    const groups: readonly Group[] = vectorJson('wycheproof', 'json_web_signature_test.json').testGroups;
    let total = 0;
    for (const { public: jwk, tests } of groups) {
      for (const { tcId, jws, result } of tests) {
        total++;
        const accepted = jwk !== undefined && (await accepts(jws, jwk).catch(onlyCoded));
        if (result === 'invalid') expect(accepted, `tcId ${tcId}`).toBe(false);
        else if (jwk !== undefined && isOwn(jws, jwk)) expect(accepted, `tcId ${tcId}`).toBe(true);
      }
    }
    countVectors(context, total, total);
  });

  test('JWS: accepts none of them as an envelope', async () => {
    const { leaf } = await createTrustLab();
    const groups: readonly Group[] = vectorJson('wycheproof', 'json_web_signature_test.json').testGroups;
    for (const { tcId, jws } of groups.flatMap(({ tests }) => tests)) {
      const [header = '', payload = '', signature = ''] = jws.split('.');
      const bytes = await forgeJws(leaf, { members: (m) => ({ ...m, protected: header, payload, signature }) });
      expect(await openJws(bytes).then(() => true, onlyCoded), `tcId ${tcId}`).toBe(false);
    }
  });
});

function forSigning(jwk: JsonWebKey): boolean {
  const operations = jwk['key_ops'] as readonly string[] | undefined;
  return jwk['use'] !== 'enc' && (operations === undefined || operations.includes('verify'));
}

function onlyCoded(error: unknown): false {
  if (error instanceof CodedError) return false;
  throw error;
}

/** Whether the header names the one algorithm that a Notary key of this kind signs with. */
function isOwn(jws: string, jwk: JsonWebKey): boolean {
  const alg = JSON.parse(new TextDecoder().decode(decodeBase64Url(jws.split('.')[0] ?? ''))).alg;
  return alg === 'ES256' ? jwk.crv === 'P-256' : alg === 'PS256' && jwk['n']?.length === 342 && jwk['alg'] === alg;
}
