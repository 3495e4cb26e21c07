import { concatBytes, decodeUtf8, utf8 } from '@notarykit/common';

// As much of the ustar format (POSIX pax, "ustar Interchange Format") as small layers need: names below 100 bytes, no times, no owners.

const block = 512;

export interface TarMember {
  /** A directory's ends with `/`. */
  readonly name: string;
  readonly mode: number;
  readonly content: Uint8Array<ArrayBuffer>;
}

/** Equal members give equal bytes. */
export function writeTar(members: readonly TarMember[]): Uint8Array<ArrayBuffer> {
  const parts = members.flatMap((member) => [headerOf(member), member.content, paddingOf(member.content.length)]);
  return concatBytes([...parts, new Uint8Array(2 * block)]);
}

/** The members of an archive that {@link writeTar} wrote. */
export function readTar(archive: Uint8Array<ArrayBuffer>): readonly TarMember[] {
  const members: TarMember[] = [];
  for (let at = 0; archive[at] !== 0; ) {
    const size = octal(archive, at + 124, 11);
    const content = archive.slice(at + block, at + block + size);
    members.push({ name: text(archive, at, 100), mode: octal(archive, at + 100, 7), content });
    at += block + size + paddingOf(size).length;
  }
  return members;
}

function headerOf({ name, mode, content }: TarMember): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(block);
  const put = (offset: number, field: string): void => header.set(utf8(field), offset);
  const number = (offset: number, digits: number, value: number): void =>
    put(offset, value.toString(8).padStart(digits, '0'));
  put(0, name);
  number(100, 7, mode);
  number(108, 7, 0);
  number(116, 7, 0);
  number(124, 11, content.length);
  number(136, 11, 0);
  put(148, ' '.repeat(8));
  put(156, name.endsWith('/') ? '5' : '0');
  put(257, 'ustar\u000000');
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(148, `${sum.toString(8).padStart(6, '0')}\u0000 `);
  return header;
}

const paddingOf = (size: number): Uint8Array<ArrayBuffer> => new Uint8Array((block - (size % block)) % block);

const octal = (archive: Uint8Array, at: number, digits: number): number =>
  Number.parseInt(text(archive, at, digits), 8);

const text = (archive: Uint8Array, at: number, length: number): string =>
  decodeUtf8(archive.subarray(at, at + length)).replace(/\u0000.*$/s, '');
