import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { encodeHex, utf8 } from './bytes.js';
import { createHasher, digestBytes, hash, hashHex, sha256Hex } from './hash.js';
import * as node from './platform.node.js';
import * as web from './platform.web.js';
import { webCrypto } from './web-crypto.js';

const algorithms = ['sha256', 'sha384', 'sha512'] as const;
// Around the block sizes of 64 and 128 bytes.
const lengths = [0, 1, 55, 56, 63, 64, 65, 111, 112, 127, 128, 129, 1000];

it.each(algorithms)('%s: every function gives the digest of node:crypto, on both platforms', (algorithm) => {
  for (const length of lengths) {
    const bytes = Uint8Array.from({ length }, (_, index) => index);
    const expected = createHash(algorithm).update(bytes).digest('hex');
    const hasher = createHasher(algorithm);
    hasher.update(bytes);
    const hexadecimal = [hash(algorithm, bytes), hasher.digest(), web.platformHash(algorithm, bytes)].map((found) =>
      Buffer.from(found).toString('hex'),
    );
    const found = [...hexadecimal, hashHex(algorithm, bytes), node.platformHashHex(algorithm, bytes)];
    expect(new Set(found)).toEqual(new Set([expected]));
  }
});

it('sha256Hex is hashHex of SHA-256, on both platforms', () => {
  const bytes = utf8('net-monitor');
  const onWeb = encodeHex(web.platformSha256(bytes));
  const found = [sha256Hex(bytes), onWeb, node.platformSha256Hex(bytes), encodeHex(node.platformSha256(bytes))];
  expect(new Set(found)).toEqual(new Set([hashHex('sha256', bytes)]));
});

it.each([hashHex.bind(undefined, 'sha256'), sha256Hex])('text in place of bytes is an error with a code', (digest) => {
  expect(() => digest('abc' as never)).toThrow(expect.objectContaining({ code: 'ERR_CODEC_BYTES' }));
});

it.each(algorithms)('%s: digestBytes is hash, on both platforms', async (algorithm) => {
  const bytes = utf8('net-monitor');
  const found = [await digestBytes(algorithm, bytes), await web.platformDigest(algorithm, bytes, webCrypto)];
  expect(found.map(encodeHex)).toEqual([hashHex(algorithm, bytes), hashHex(algorithm, bytes)]);
});
