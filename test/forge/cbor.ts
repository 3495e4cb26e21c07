import { type Bytes, concatBytes, utf8 } from '@notarykit/common';

/** CBOR put together by hand, so that tests can write what no encoder writes. */
export function head(major: number, argument: number, width?: 0 | 1 | 2 | 4 | 8): Bytes {
  const shortest = argument < 24 ? 0 : argument < 0x100 ? 1 : argument < 0x10000 ? 2 : argument < 2 ** 32 ? 4 : 8;
  const bytes = width ?? shortest;
  if (bytes === 0) return Uint8Array.of((major << 5) | argument);
  const result = new Uint8Array(1 + bytes);
  result[0] = (major << 5) | (24 + Math.log2(bytes));
  let rest = BigInt(argument);
  for (let i = bytes; i > 0; i--, rest >>= 8n) result[i] = Number(rest & 0xffn);
  return result;
}

export const int = (value: number, width?: 1 | 2 | 4 | 8): Bytes =>
  value < 0 ? head(1, -1 - value, width) : head(0, value, width);
export const bytes = (value: Uint8Array): Bytes => concatBytes([head(2, value.length), value]);
export const text = (value: string): Bytes => concatBytes([head(3, utf8(value).length), utf8(value)]);
export const array = (...items: readonly Uint8Array[]): Bytes => concatBytes([head(4, items.length), ...items]);
export const map = (...entries: readonly (readonly [Uint8Array, Uint8Array])[]): Bytes =>
  concatBytes([head(5, entries.length), ...entries.flat()]);
export const tag = (number: number, value: Uint8Array): Bytes => concatBytes([head(6, number), value]);
export const nil: Bytes = Uint8Array.of(0xf6);
export const float = (value: number): Bytes => {
  const result = new Uint8Array(9);
  result[0] = 0xfb;
  new DataView(result.buffer).setFloat64(1, value);
  return result;
};
export const single = (value: number): Bytes => {
  const result = new Uint8Array(5);
  result[0] = 0xfa;
  new DataView(result.buffer).setFloat32(1, value);
  return result;
};
