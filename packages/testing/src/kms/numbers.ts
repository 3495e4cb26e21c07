export type { HashAlgorithm } from '@notarykit/common/internal';

/** Bytes of a field element. */
export const sizeOfCurve = { 'P-256': 32, 'P-384': 48, 'P-521': 66 } as const;

/** Big-endian bytes as a number. */
export function toBigInt(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`);
}

/** A number as big-endian bytes of this length. */
export function toBytes(value: bigint, length: number): Uint8Array {
  return Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex');
}
