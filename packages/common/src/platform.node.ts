import { Buffer } from 'node:buffer';
import * as crypto from 'node:crypto';
import { setImmediate } from 'node:timers';
import type { Bytes } from './bytes.js';
import type { HashAlgorithm, Hasher } from './hash.js';
import type { hashThread as HashThreadOf } from './hash-thread.node.js';

/** The two alphabets of RFC 4648. */
export type Base64Kind = 'base64' | 'base64url';

/** The text of bytes, with padding for `base64` only; `undefined` where the platform has no faster way. */
export function platformEncode(bytes: Uint8Array, kind: Base64Kind): string | undefined {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(kind);
}

/**
 * The bytes of canonical text, `undefined` for any other: Node decodes leniently, so its answer counts only when encoding it
 * gives the same text again.
 */
export function platformDecode(text: string, kind: Base64Kind): Bytes | undefined {
  const bytes = Buffer.from(text, kind);
  return bytes.toString(kind) === text ? new Uint8Array(bytes) : undefined;
}

export function createPlatformHasher(algorithm: HashAlgorithm): Hasher {
  const hash = crypto.createHash(algorithm);
  return { update: (bytes) => void hash.update(bytes), digest: () => new Uint8Array(hash.digest()) as Bytes };
}

/** In one call where the runtime has one (Node from 20.12): a hash object costs more than to hash a kilobyte. */
export const platformHash: (algorithm: HashAlgorithm, bytes: Uint8Array) => Bytes =
  typeof crypto.hash === 'function'
    ? (algorithm, bytes) => new Uint8Array(crypto.hash(algorithm, bytes, 'buffer')) as Bytes
    : (algorithm, bytes) => new Uint8Array(crypto.createHash(algorithm).update(bytes).digest()) as Bytes;

export async function platformDigest(
  algorithm: HashAlgorithm,
  bytes: Uint8Array,
  _subtle: () => unknown,
): Promise<Bytes> {
  return platformHash(algorithm, bytes);
}

/** As hexadecimal digits, without the bytes in between; `undefined` where the platform has no faster way. */
export const platformHashHex: (algorithm: HashAlgorithm, bytes: Uint8Array) => string | undefined =
  typeof crypto.hash === 'function'
    ? (algorithm, bytes) => crypto.hash(algorithm, bytes, 'hex')
    : (algorithm, bytes) => crypto.createHash(algorithm).update(bytes).digest('hex');

export function platformSha256(bytes: Uint8Array): Bytes {
  return platformHash('sha256', bytes);
}

/** As {@link platformHashHex}. */
export function platformSha256Hex(bytes: Uint8Array): string | undefined {
  return platformHashHex('sha256', bytes);
}

/** After everything that the platform has read by now was handled. */
export const endOfTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** Loaded when content is large: the rest of this file is loaded with every import of the package. */
export const hashThread: typeof HashThreadOf = async (processors, failure) =>
  (await import('./hash-thread.node.js')).hashThread(processors, failure);
