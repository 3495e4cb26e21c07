import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { concatBytes, utf8 } from '@notarykit/common';
import { equalBytes } from '@notarykit/common/internal';
import { digestOf } from '@notarykit/oci';
import { describe, expect, it } from 'vitest';
import { gzip } from './archive.js';

/** Text that repeats itself at many distances, then numbers that hardly do. */
const text = Array.from({ length: 20_000 }, (_, i) => `line ${i % 997} of ${(i * 7919) % 104_729}\n`).join('');
const noise = new Uint8Array(Uint32Array.from({ length: 40_000 }, (_, i) => Math.imul(i, 2_654_435_761)).buffer);
const content = concatBytes([utf8(text), noise]);

const cut = (size: number): Uint8Array[] =>
  Array.from({ length: Math.ceil(content.length / size) }, (_, i) => content.slice(i * size, (i + 1) * size));

const compressed = async (chunks: readonly Uint8Array[]): Promise<Uint8Array> =>
  new Uint8Array(Buffer.concat(await gzip(Readable.from(chunks)).toArray()));

describe('gzip', () => {
  it('gives the same bytes on every runtime, whatever its zlib', async () => {
    const bytes = await compressed([content]);

    expect([...bytes.subarray(0, 10)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
    expect(digestOf(bytes)).toBe('sha256:129af0a6dc85361033aaf62274ba2e70591131ae23a884b8b051ae116ff76457');
    expect(equalBytes(gunzipSync(bytes), content)).toBe(true);
  });

  it.each([1, 511, 512, 65_536])('gives equal bytes for chunks of %d', async (size) => {
    expect(equalBytes(await compressed(cut(size)), await compressed([content]))).toBe(true);
  });

  it('fails with the error of its source', async () => {
    const failing = Readable.from(
      (function* () {
        yield content;
        throw new Error('disk');
      })(),
    );
    await expect(gzip(failing).toArray()).rejects.toThrow('disk');
  });
});
