import { copyBytes, encodeHex } from '@notarykit/common/internal';

/** y of the points of small order, little-endian (RFC 8032, 5.1.2), without the bit for x. */
const smallOrder: ReadonlySet<string> = new Set([
  `00${'00'.repeat(31)}`,
  `01${'00'.repeat(31)}`,
  `ec${'ff'.repeat(30)}7f`,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
]);

/**
 * Whether a point can be somebody's key: under one of small order a signature that anybody can write down holds for many messages, or
 * for all, and OpenSSL accepts it. A y that is not below 2^255 - 19 is not an encoding of a point (RFC 8032, 5.1.3).
 */
export function isSoundPoint(key: Uint8Array): boolean {
  if (key.length !== 32) return false;
  const y = copyBytes(key);
  y[31] = (y[31] as number) & 0x7f;
  return !smallOrder.has(encodeHex(y)) && !isTooLarge(y);
}

function isTooLarge(y: Uint8Array): boolean {
  return (y[0] as number) >= 0xed && y[31] === 0x7f && y.subarray(1, 31).every((byte) => byte === 0xff);
}
