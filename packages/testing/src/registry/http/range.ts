import type { ByteRange } from '../store/blob-store.js';

/**
 * One range of RFC 9110, 14.1.2: `a-b`, `a-` or `-n`, the end clamped. `undefined` for what a server may ignore (several
 * ranges, another unit), `unsatisfiable` for what deserves a 416.
 */
export function parseRange(header: string, size: number): ByteRange | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header.trim());
  if (match === null) return undefined;
  const [, first = '', last = ''] = match;
  if (first === '') return last === '' ? undefined : suffix(Number(last), size);
  const start = Number(first);
  const end = last === '' ? size : Math.min(Number(last) + 1, size);
  return start >= size || end <= start ? 'unsatisfiable' : { start, end };
}

function suffix(length: number, size: number): ByteRange | 'unsatisfiable' {
  return length === 0 || size === 0 ? 'unsatisfiable' : { start: Math.max(0, size - length), end: size };
}

/** `Content-Range` of a chunk: `start-end`, both inclusive, without a unit (distribution-spec, "Pushing a blob in chunks"). */
export function parseChunkRange(header: string): ByteRange | undefined {
  const match = /^(?:bytes[ =])?(\d{1,15})-(\d{1,15})(?:\/(?:\d+|\*))?$/.exec(header.trim());
  return match === null ? undefined : { start: Number(match[1]), end: Number(match[2]) + 1 };
}
