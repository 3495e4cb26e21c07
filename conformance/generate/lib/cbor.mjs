// A writer of CBOR that writes what no encoder does: longer heads, doubled keys, lengths that are not there (RFC 8949).
import { bytes } from './bytes.mjs';

/** `width`: how many bytes the argument takes; the fewest unless said otherwise. */
export function head(major, argument, width) {
  const value = BigInt(argument);
  const shortest = value < 24n ? 0 : value < 0x100n ? 1 : value < 0x10000n ? 2 : value < 1n << 32n ? 4 : 8;
  const length = width ?? shortest;
  if (length === 0) return Buffer.of((major << 5) | Number(value));
  const digits = Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex');
  return bytes([(major << 5) | (24 + Math.log2(length))], digits);
}

export const int = (value, width) => (BigInt(value) < 0n ? head(1, -1n - BigInt(value), width) : head(0, value, width));
export const bstr = (data) => bytes(head(2, data.length), data);
export const text = (value) => bytes(head(3, Buffer.byteLength(value)), value);
export const array = (...items) => bytes(head(4, items.length), ...items);
/** A map of `[encoded key, encoded value]` pairs, in the order given. */
export const map = (...pairs) => bytes(head(5, pairs.length), ...pairs.flat());
export const tag = (number, item) => bytes(head(6, number), item);
export const nil = Buffer.of(0xf6);
export const undef = Buffer.of(0xf7);
export const bool = (value) => Buffer.of(value ? 0xf5 : 0xf4);
export const double = (value) => {
  const result = Buffer.alloc(9, 0xfb);
  result.writeDoubleBE(value, 1);
  return result;
};
export const single = (value) => {
  const result = Buffer.alloc(5, 0xfa);
  result.writeFloatBE(value, 1);
  return result;
};
/** Indefinite length: head, items, break. */
export const endless = (major, ...items) => bytes([(major << 5) | 31], ...items, [0xff]);
