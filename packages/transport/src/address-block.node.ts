import { isIP } from 'node:net';

/** An address of 4 or 16 bytes; IPv4 written as IPv6 is IPv4. */
export type AddressBytes = readonly number[];

/** Reads an address without brackets and zone; `undefined` for anything else. */
export function addressOf(text: string): AddressBytes | undefined {
  const bytes = bytesOf(text);
  return bytes === undefined ? undefined : unmapped(bytes);
}

/** Addresses that begin with the same bits. */
export interface AddressBlock {
  readonly base: AddressBytes;
  readonly bits: number;
}

/** Reads a block such as `10.0.0.0/8` or `2001:db8::/32`; `undefined` for anything else. */
export function blockOf(text: string): AddressBlock | undefined {
  const [, address = '', length = ''] = /^([^/]+)\/(\d{1,9})$/.exec(text) ?? [];
  const bytes = bytesOf(address);
  const bits = Number(length);
  if (bytes === undefined || bits > bytes.length * 8) return undefined;
  const base = bytes.map((byte, i) => byte & maskOf(bits - i * 8));
  const short = unmapped(base);
  return { base: short, bits: bits - (base.length - short.length) * 8 };
}

/** Whether an address lies in a block. */
export function isInBlock(address: AddressBytes, { base, bits }: AddressBlock): boolean {
  return (
    base.length === address.length && base.every((byte, i) => ((address[i] as number) & maskOf(bits - i * 8)) === byte)
  );
}

/** Whether two addresses are one. */
export const isSameAddress = (a: AddressBytes, b: AddressBytes): boolean =>
  isInBlock(a, { base: b, bits: b.length * 8 });

/** Whether an address is this machine itself. */
export const isLoopback = (address: AddressBytes): boolean =>
  address.length === 4 ? address[0] === 127 : address.every((byte, i) => byte === (i === 15 ? 1 : 0));

const maskOf = (bits: number): number => (bits <= 0 ? 0 : bits >= 8 ? 0xff : (0xff << (8 - bits)) & 0xff);

function bytesOf(text: string): AddressBytes | undefined {
  if (isIP(text) === 4) return text.split('.').map(Number);
  if (isIP(text) !== 6 || text.includes('%')) return undefined;
  const halves = new URL(`http://[${text}]`).hostname.slice(1, -1).split('::');
  const [head = [], tail = []] = halves.map((half) => half.split(':').filter((group) => group !== ''));
  const zeros = new Array<string>(8 - head.length - tail.length).fill('0');
  return [...head, ...zeros, ...tail].flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

/** `::ffff:a.b.c.d` is `a.b.c.d`. */
const unmapped = (bytes: AddressBytes): AddressBytes =>
  bytes.length === 16 && bytes.slice(0, 12).every((byte, i) => byte === (i < 10 ? 0 : 0xff)) ? bytes.slice(12) : bytes;
