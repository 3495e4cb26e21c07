import { createHash } from 'node:crypto';

/** Bytes of a text, of bytes, or of several one after the other. */
export const bytes = (...parts) => Buffer.concat(parts.map((part) => Buffer.from(part)));
export const hash = (name, data) => createHash(name).update(data).digest();
export const hex = (data) => Buffer.from(data).toString('hex');
export const base64 = (data) => Buffer.from(data).toString('base64');
export const base64url = (data) => Buffer.from(data).toString('base64url');
export const digestOf = (data, name = 'sha256') => `${name}:${hex(hash(name, data))}`;

/** A copy with one bit of one byte changed; negative places count from the end. */
export function flip(data, at = -1, bit = 1) {
  const copy = Buffer.from(data);
  const place = at < 0 ? copy.length + at : at;
  copy[place] ^= bit;
  return copy;
}
