import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';
import { defined } from '../defined.js';
import { quote } from '../errors.js';
import { ProcessError } from './run-process.js';

/** A program that may be started. */
export interface CheckedExecutable {
  readonly path: string;
  /** Changes when the file is exchanged or written. */
  readonly identity: string;
}

/**
 * Checks that a file may be executed as a plugin: an absolute path to a regular file, no symbolic link, which only its
 * owner can write; owner and folder must be ours or the system's. It begins as a program for this system does, or with `#!`:
 * anything else the system would hand to a shell. Owner, mode and content are not checked on Windows.
 *
 * @throws {ProcessError} `ERR_PROCESS_START`
 */
export async function checkExecutable(path: string): Promise<CheckedExecutable> {
  if (!isAbsolute(path)) throw refuse(path, 'expected an absolute path');
  const file = await statsOf(path);
  if (!file.isFile()) throw refuse(path, 'it is not a regular file (symbolic links are not followed)');
  const checked = { path, identity: identityOf(file) };
  if (process.platform === 'win32') return checked;
  if ((file.mode & 0o111) === 0) throw refuse(path, 'it is not executable');
  await checkHeader(path);
  checkOwner(path, file);
  checkOwner(dirname(path), await statsOf(dirname(path)));
  return checked;
}

/** Processors by the number that an ELF header has for them (e_machine), 32-bit programs that they run too. */
const elfMachines: Readonly<Record<string, readonly number[]>> = {
  x64: [62, 3],
  ia32: [3],
  arm64: [183, 40],
  arm: [40],
  riscv64: [243],
  ppc64: [21],
  s390x: [22],
  loong64: [258],
};
const machOMagic = new Set([0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe, 0xcafebabe, 0xcafebabf]);

async function checkHeader(path: string): Promise<void> {
  const header = await readHeader(path);
  if (header.toString('latin1', 0, 2) === '#!') return;
  if (process.platform === 'darwin' && header.length >= 32 && machOMagic.has(header.readUInt32BE(0))) return;
  if (process.platform !== 'darwin' && isElf(header)) return;
  throw refuse(path, 'it is not a program of this system and does not begin with "#!"');
}

/** Whether a header is that of a program for this processor (System V ABI, "ELF header"). */
function isElf(header: Buffer): boolean {
  if (header.length < 64 || header.toString('latin1', 0, 4) !== '\x7fELF') return false;
  const isLittle = header[5] === 1;
  const [type, machine] = [16, 18].map((at) => (isLittle ? header.readUInt16LE(at) : header.readUInt16BE(at)));
  const machines = elfMachines[process.arch];
  return (type === 2 || type === 3) && (machines === undefined || machines.includes(machine ?? 0));
}

async function readHeader(path: string): Promise<Buffer> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
    return buffer.subarray(0, bytesRead);
  } catch (cause) {
    throw refuse(path, 'it cannot be read', cause);
  } finally {
    await file?.close();
  }
}

function identityOf({ dev, ino, size, mtimeMs, ctimeMs }: Stats): string {
  return [dev, ino, size, mtimeMs, ctimeMs].join(' ');
}

function checkOwner(path: string, { uid, mode }: Stats): void {
  if (uid !== 0 && uid !== process.getuid?.()) throw refuse(path, 'it belongs to another user');
  // In a sticky folder users cannot replace the files of others.
  if ((mode & 0o022) !== 0 && (mode & 0o1000) === 0)
    throw refuse(path, 'users other than its owner can write it: run chmod go-w');
}

async function statsOf(path: string): Promise<Stats> {
  try {
    return await lstat(path);
  } catch (cause) {
    throw refuse(
      path,
      (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'it does not exist' : 'it cannot be read',
      cause,
    );
  }
}

function refuse(path: string, message: string, cause?: unknown): ProcessError {
  const options = defined({ cause });
  return new ProcessError('ERR_PROCESS_START', `program ${quote(path)}: ${message}`, options);
}
