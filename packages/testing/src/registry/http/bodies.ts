import { type Bytes, concatBytes } from '@notarykit/common/internal';
import { Refusal } from './answers.js';

/** Reads a request's body whole; more than `limit` bytes are refused with 413. */
export async function readBody(body: AsyncIterable<Uint8Array> | undefined, limit: number): Promise<Bytes> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body ?? []) {
    length += part.length;
    if (length > limit) throw new Refusal(413, 'SIZE_INVALID', `expected at most ${limit} bytes, found more`);
    parts.push(part);
  }
  return concatBytes(parts);
}

/** Bytes as an iterable, in pieces of at most 64 KiB. */
export async function* pieces(bytes: Uint8Array, size: number = 64 * 1024): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < bytes.length; offset += size) yield bytes.subarray(offset, offset + size);
}

/** The body of an answer as an iterable. */
export function iterateBody(body: Uint8Array | AsyncIterable<Uint8Array> | undefined): AsyncIterable<Uint8Array> {
  if (body === undefined) return pieces(new Uint8Array());
  return body instanceof Uint8Array ? pieces(body) : body;
}
