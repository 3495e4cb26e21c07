import { type Bytes, concatBytes, utf8 } from '@notarykit/common/internal';
import { buildTarHeader, fitsUstar, tarBlock } from './header.js';
import { buildPaxRecord } from './pax.js';

/** A member to write. Time, owner and group are always zero, so that equal content gives equal archives. */
export interface TarEntry {
  /** Path with `/`; of a directory without one at the end. */
  readonly name: string;
  readonly type: 'file' | 'directory';
  readonly mode: number;
  /** Bytes of content that follow the header; 0 for a directory. */
  readonly size: number;
}

/** The header of a member: one ustar block, with a pax record before it where name or size do not fit. */
export function buildTarEntry({ name, type, mode, size }: TarEntry): Bytes {
  const path = type === 'directory' ? `${name}/` : name;
  const flag = type === 'directory' ? '5' : '0';
  if (fitsUstar(utf8(path), size)) return buildTarHeader({ name: path, mode, size, flag });
  const records = concatBytes([buildPaxRecord('path', path), buildPaxRecord('size', String(size))]);
  return concatBytes([
    buildTarHeader({ name: 'PaxHeaders/member', mode: 0o644, size: records.length, flag: 'x' }),
    records,
    tarPadding(records.length),
    buildTarHeader({ name: 'member', mode, size, flag }),
  ]);
}

/** The zeros after content of a size. */
export function tarPadding(size: number): Bytes {
  return new Uint8Array((tarBlock - (size % tarBlock)) % tarBlock);
}

/** The two blocks of zeros at the end of an archive. */
export function tarEnd(): Bytes {
  return new Uint8Array(2 * tarBlock);
}
