import { decodeUtf8, quote } from '@notarykit/common/internal';
import { OciError } from '../errors.js';
import { malformed, parseTarHeader, type TarHeader, tarBlock } from './header.js';
import { parsePaxRecords } from './pax.js';

/** Where an archive is read from: a stream, or a file at a position. */
export interface TarSource {
  /** How many bytes were read or skipped. */
  readonly position: number;
  /** Exactly so many bytes, fewer only at the end of the archive. */
  read(length: number): Promise<Uint8Array>;
  skip(length: number): Promise<void>;
}

/** A member as it is in an archive that somebody else made. */
export interface TarMember {
  /** Checked path: relative, `/` between its parts, no `.` or `..`, no `/` at the end. Empty for the root directory. */
  readonly name: string;
  /** Links, devices and the like are `other`: what becomes of them is the reader's choice. */
  readonly type: 'file' | 'directory' | 'other';
  readonly mode: number;
  readonly size: number;
  /** Where the content begins. */
  readonly offset: number;
}

/** Bounds of {@link readTarMembers}. */
export interface ReadTarOptions {
  /** How many members an archive may have. Default 1,000,000. */
  readonly maxMembers?: number;
}

/** Most members of an archive that we read, unless told otherwise, or write as a layout. */
export const maxTarMembers = 1_000_000;

const largestExtension = 64 * 1024;

/**
 * The members of a tar archive, in order: ustar, pax and GNU long names. Content that the caller did not read is skipped. A name
 * that leaves the root, appears twice or would mean something else on another system is refused, whatever the type of the member.
 *
 * @throws {OciError} `ERR_OCI_PATH`, `ERR_OCI_INVALID`, `ERR_OCI_LIMIT`
 */
export async function* readTarMembers(
  source: TarSource,
  { maxMembers = maxTarMembers }: ReadTarOptions = {},
): AsyncGenerator<TarMember, void, void> {
  const seen = new Set<string>();
  for (let header = await next(source); header !== undefined; header = await next(source)) {
    const { name: raw, size, mode, flag } = header;
    const member: TarMember = { name: checkMemberName(raw), type: typeOf(flag), mode, size, offset: source.position };
    if (seen.has(member.name))
      throw new OciError('ERR_OCI_PATH', `member ${quote(member.name)} is in the archive twice`);
    seen.add(member.name);
    if (seen.size > maxMembers)
      throw new OciError('ERR_OCI_LIMIT', `expected at most ${maxMembers} members in the archive`);
    yield member;
    const end = member.offset + size + ((tarBlock - (size % tarBlock)) % tarBlock);
    await source.skip(end - source.position);
  }
}

/** The next header, with what extension members before it say. */
async function next(source: TarSource): Promise<TarHeader | undefined> {
  let records: ReadonlyMap<string, string> = new Map();
  let longName: string | undefined;
  for (;;) {
    const header = parseTarHeader(await block(source, tarBlock));
    if (header === undefined) return undefined;
    if (header.flag === 'x') records = parsePaxRecords(await extension(source, header));
    else if (header.flag === 'L') longName = untilNul(await extension(source, header));
    else if (header.flag === 'g') checkGlobal(parsePaxRecords(await extension(source, header)));
    else return extended(header, records, longName);
  }
}

function extended(header: TarHeader, records: ReadonlyMap<string, string>, longName: string | undefined): TarHeader {
  if ([...records.keys()].some((key) => key.startsWith('GNU.sparse.'))) throw malformed('a sparse member');
  const text = records.get('size');
  if (text !== undefined && !(/^[0-9]{1,16}$/.test(text) && Number.isSafeInteger(Number(text))))
    throw malformed(`the size ${quote(text)}`);
  return {
    ...header,
    name: records.get('path') ?? longName ?? header.name,
    size: text === undefined ? header.size : Number(text),
  };
}

/** Global records apply to members that other readers see differently. */
function checkGlobal(records: ReadonlyMap<string, string>): void {
  for (const key of ['path', 'size', 'linkpath'])
    if (records.has(key)) throw malformed(`a global pax record ${quote(key)}`);
}

async function extension(source: TarSource, { size }: TarHeader): Promise<Uint8Array> {
  if (size > largestExtension) throw malformed(`extension records of ${size} bytes`);
  const bytes = await block(source, size);
  await block(source, (tarBlock - (size % tarBlock)) % tarBlock);
  return bytes;
}

async function block(source: TarSource, length: number): Promise<Uint8Array> {
  const bytes = await source.read(length);
  if (bytes.length !== length) throw malformed('a truncated archive');
  return bytes;
}

function untilNul(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decodeUtf8(end < 0 ? bytes : bytes.subarray(0, end));
}

function typeOf(flag: string): TarMember['type'] {
  if (flag === '0' || flag === '7') return 'file';
  return flag === '5' ? 'directory' : 'other';
}

/**
 * Checks a path that came from outside: relative, without `..`, backslash, drive, NUL or other control characters.
 *
 * @throws {OciError} `ERR_OCI_PATH`
 */
export function checkMemberName(name: string): string {
  const parts = name
    .replace(/^(?:\.\/)+/, '')
    .replace(/\/+$/, '')
    .split('/');
  const path = parts.join('/');
  if (path === '' || path === '.') return '';
  const bad = parts.some((part) => part === '' || part === '.' || part === '..');
  if (bad || name.startsWith('/') || /[\\\u0000-\u001f\u007f]/.test(name) || /^[A-Za-z]:/.test(path))
    throw new OciError(
      'ERR_OCI_PATH',
      `expected a relative path without "..", such as "folder/file.txt", found ${quote(name)}`,
    );
  return path;
}
