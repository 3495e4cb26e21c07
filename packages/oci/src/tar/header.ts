import { type Bytes, decodeUtf8, quote, utf8 } from '@notarykit/common/internal';
import { OciError } from '../errors.js';

/** Tar is made of blocks of this many bytes (POSIX pax, "ustar Interchange Format"). */
export const tarBlock = 512;

/** A header block, as it is in the archive. */
export interface TarHeader {
  readonly name: string;
  readonly mode: number;
  readonly size: number;
  /** The type flag: `0` file, `5` directory, `x` and `g` pax records, `L` GNU long name, others. */
  readonly flag: string;
}

const largestOctal = 0o77777777777;

/** Reads a header block; its checksum must hold. `undefined` for a block of zeros, which ends an archive. */
export function parseTarHeader(block: Uint8Array): TarHeader | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  if (octal(block, 148, 8) !== checksum(block)) throw malformed('a header with a wrong checksum');
  const ustar = text(block, 257, 5) === 'ustar';
  const prefix = ustar && block[262] === 0 ? text(block, 345, 155) : '';
  const name = text(block, 0, 100);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    mode: octal(block, 100, 8),
    size: size(block),
    flag: block[156] === 0 ? '0' : String.fromCharCode(block[156] as number),
  };
}

function text(block: Uint8Array, offset: number, length: number): string {
  const field = block.subarray(offset, offset + length);
  const end = field.indexOf(0);
  return decodeUtf8(end < 0 ? field : field.subarray(0, end));
}

function octal(block: Uint8Array, offset: number, length: number): number {
  const digits = text(block, offset, length).trim();
  if (!/^[0-7]*$/.test(digits)) throw malformed(`${quote(digits)} where an octal number is expected`);
  return Number.parseInt(digits || '0', 8);
}

/** GNU tar writes sizes from 8 GiB as a binary number with the first bit set. */
function size(block: Uint8Array): number {
  const field = block.subarray(124, 136);
  if (((field[0] as number) & 0x80) === 0) return octal(block, 124, 12);
  const value = field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
  if (field[0] !== 0x80 || !Number.isSafeInteger(value)) throw malformed('a size that is negative or beyond 2^53');
  return value;
}

function checksum(block: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < tarBlock; i++) sum += i >= 148 && i < 156 ? 0x20 : (block[i] as number);
  return sum;
}

/** @internal */
export function malformed(found: string): OciError {
  return new OciError('ERR_OCI_INVALID', `expected a tar archive, found ${found}`);
}

/** A header block in ustar form: time, owner and group zero. The name must fit into 100 bytes, the size into 8 GiB. */
export function buildTarHeader({ name, mode, size: length, flag }: TarHeader): Bytes {
  const block = new Uint8Array(tarBlock);
  const put = (offset: number, field: string): void => block.set(utf8(field), offset);
  const number = (offset: number, width: number, value: number): void =>
    put(offset, value.toString(8).padStart(width - 1, '0'));
  put(0, name);
  number(100, 8, mode);
  number(108, 8, 0);
  number(116, 8, 0);
  number(124, 12, Math.min(length, largestOctal));
  number(136, 12, 0);
  put(156, flag);
  put(257, 'ustar\u000000');
  put(148, `${checksum(block).toString(8).padStart(6, '0')}\u0000 `);
  return block;
}

/** @internal */
export function fitsUstar(name: Uint8Array, length: number): boolean {
  return name.length <= 100 && length <= largestOctal && name.every((byte) => byte < 128);
}
