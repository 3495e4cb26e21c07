import type { Bytes, CallOptions } from '@notarykit/common/internal';
import type { Budget } from './budget.js';

/** What a derived key is for (RFC 7292, B.3). */
export type KdfPurpose = 'key' | 'iv' | 'mac';

/** A hash function, with the sizes that the derivation needs. */
export interface KdfHash {
  (bytes: Uint8Array): Uint8Array;
  readonly outputLen: number;
  readonly blockLen: number;
}

const identifiers: Readonly<Record<KdfPurpose, number>> = { key: 1, iv: 2, mac: 3 };

/** What {@link deriveKey} needs. */
export interface KdfRequest {
  readonly hash: KdfHash;
  readonly password: Uint8Array;
  readonly salt: Uint8Array;
  readonly iterations: number;
  readonly purpose: KdfPurpose;
  readonly length: number;
}

/** So many iterations take a few milliseconds; then others have their turn. */
const atATime = 5000;

/** What bounds a derivation: each of them takes its iterations from the budget of the file. */
export interface KdfBounds extends CallOptions {
  readonly budget: Budget;
}

/**
 * The key derivation of PKCS #12 (RFC 7292, B.2), in pieces, so that the event loop goes on.
 *
 * @throws {PkiError} `ERR_PKI_LIMIT`; the signal's reason
 */
export async function deriveKey(
  { hash, password, salt, iterations, purpose, length }: KdfRequest,
  { budget, signal }: KdfBounds,
): Promise<Bytes> {
  budget.take(iterations);
  const block = hash.blockLen;
  const diversifier = new Uint8Array(block).fill(identifiers[purpose]);
  const input = joined(repeated(salt, block), repeated(password, block));
  const result = new Uint8Array(length);
  for (let offset = 0; offset < length; offset += hash.outputLen) {
    let digest = hash(joined(diversifier, input));
    for (let i = 1; i < iterations; i++) {
      digest = hash(digest);
      if (i % atATime === 0) await turnOfOthers(signal);
    }
    result.set(digest.subarray(0, Math.min(digest.length, length - offset)), offset);
    addToBlocks(input, repeated(digest, block).subarray(0, block), block);
  }
  return result;
}

async function turnOfOthers(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  signal?.throwIfAborted();
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** The bytes over and over, up to a multiple of the block. */
function repeated(bytes: Uint8Array, block: number): Uint8Array {
  const length = block * Math.ceil(bytes.length / block);
  return Uint8Array.from({ length }, (_, i) => bytes[i % bytes.length] as number);
}

/** Adds `addend + 1` to every block, as big-endian numbers of that size. */
function addToBlocks(blocks: Uint8Array, addend: Uint8Array, block: number): void {
  for (let start = 0; start < blocks.length; start += block) {
    let carry = 1;
    for (let i = block - 1; i >= 0; i--) {
      carry += (blocks[start + i] as number) + (addend[i] as number);
      blocks[start + i] = carry & 0xff;
      carry >>= 8;
    }
  }
}
