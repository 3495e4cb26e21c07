import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { readTarMembers, tarStream } from '@notarykit/oci/internal';
import type { Entry } from 'yauzl';
import { maxPluginBytes, maxPluginMembers, type PluginFile, PluginFiles, PluginSourceError } from './plugin-files.js';

/** A file that a plugin is installed from. */
export async function readSource(path: string): Promise<{ readonly bytes: Uint8Array; readonly mode: number }> {
  const info = await stat(path);
  if (!info.isFile()) throw new PluginSourceError(`${path} is not a regular file`);
  if (info.size > maxPluginBytes) throw new PluginSourceError(`${path}: expected at most ${maxPluginBytes} bytes`);
  return { bytes: new Uint8Array(await readFile(path)), mode: info.mode & 0o777 };
}

/** The files of a plugin: those of a zip or tar.gz, recognised by its first bytes, else the file itself under its name. */
export async function readPluginFiles(path: string, bytes: Uint8Array, mode: number): Promise<readonly PluginFile[]> {
  const begins = (...magic: readonly number[]): boolean => magic.every((byte, i) => bytes[i] === byte);
  try {
    if (begins(0x50, 0x4b, 3, 4)) return await readZip(bytes);
    if (begins(0x1f, 0x8b, 8)) return await readTarGz(bytes);
  } catch (cause) {
    if (cause instanceof PluginSourceError) throw cause;
    throw new PluginSourceError(`${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
  return [{ name: basename(path), mode, content: bytes }];
}

/** The reader of the tar refuses names that lead out of the folder; links and devices are refused here. */
async function readTarGz(bytes: Uint8Array): Promise<readonly PluginFile[]> {
  const files = new PluginFiles();
  const inflated = Readable.from([bytes]).pipe(createGunzip());
  const tar = tarStream(Readable.toWeb(inflated) as ReadableStream<Uint8Array>);
  try {
    for await (const { name, type, mode, size } of readTarMembers(tar, { maxMembers: maxPluginMembers })) {
      // For members of every kind: what a member states as its size is read.
      files.reserve(size);
      if (type === 'directory') continue;
      if (type === 'other') throw new PluginSourceError(`"${name}" in the archive is a link or a device`);
      files.add(name, mode, await tar.read(size));
    }
  } finally {
    await tar.close();
  }
  return files.all;
}

async function readZip(bytes: Uint8Array): Promise<readonly PluginFile[]> {
  const { fromBufferPromise } = await import('yauzl');
  const files = new PluginFiles();
  // Names that lead out of the folder are refused by the reader, and so is content that is longer than it says.
  const zip = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), {
    strictFileNames: true,
  });
  if (zip.entryCount > maxPluginMembers)
    throw new PluginSourceError(`expected at most ${maxPluginMembers} members in the archive, found ${zip.entryCount}`);
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName.endsWith('/')) continue;
    const { mode, isFile } = permissionsOf(entry);
    if (!isFile) throw new PluginSourceError(`"${entry.fileName}" in the archive is a link or a device`);
    files.reserve(entry.uncompressedSize);
    files.add(entry.fileName, mode, new Uint8Array(await buffer(await zip.openReadStreamPromise(entry))));
  }
  return files.all;
}

const unix = 3;
const [typeMask, regularType] = [0o170000, 0o100000];

/** What made the archive says so in the upper byte of its version; others know no permissions (APPNOTE.TXT, 4.4.2 and 4.4.15). */
function permissionsOf({ versionMadeBy, externalFileAttributes }: Entry) {
  if (versionMadeBy >> 8 !== unix) return { mode: 0, isFile: true };
  const mode = externalFileAttributes >>> 16;
  return { mode: mode & 0o777, isFile: [0, regularType].includes(mode & typeMask) };
}
