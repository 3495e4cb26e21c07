import { open, readFile, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { decodeUtf8, utf8 } from '@notarykit/common/internal';
import { syncFolder } from '@notarykit/common/internal/node';
import { isDigest } from '@notarykit/oci/internal';
import { fileSize, replaceFile } from './disk-files.js';
import type { TableChange, Tables } from './tables.js';

/**
 * One line: a change of the tables, or the digest of the `index.json` that shows all changes before it, and whether others have a part
 * in that.
 */
export type LogLine = TableChange & { readonly index?: string; readonly others?: boolean };

/** The changes of a repository on disk, one line each; what was appended is on the disk. */
export interface ChangeLog {
  /** How many lines there are. */
  readonly lines: number;
  append(line: LogLine): Promise<void>;
}

const maxSize = 1024 * 1024 * 1024;

/** The lines of a log; nothing when there is none. A last line that a kill cut short was never acknowledged, and is passed over. */
export async function readLog(path: string): Promise<{ lines: readonly LogLine[]; log: ChangeLog } | undefined> {
  const size = await fileSize(path);
  if (size === undefined) return undefined;
  if (size > maxSize) throw damaged(path, `it has ${size} bytes, expected at most ${maxSize}`);
  const bytes = await readFile(path);
  const end = bytes.lastIndexOf(0x0a) + 1;
  const texts = end === 0 ? [] : decodeUtf8(bytes.subarray(0, end - 1)).split('\n');
  const lines = texts.map((text, i) => parseLine(path, text, i));
  return { lines, log: changeLog(path, end, lines.length) };
}

/** Writes a log anew, as a whole, with all that tables hold. */
export async function createLog(path: string, scratch: string, tables: Tables, mark: LogLine): Promise<ChangeLog> {
  const lines: LogLine[] = [...tables.manifests.values()].map((put) => ({ put }));
  for (const tag of tables.tags) lines.push({ tags: [tag] });
  lines.push(mark);
  const bytes = utf8(lines.map(textOf).join(''));
  await replaceFile(scratch, path, bytes);
  return changeLog(path, bytes.length, lines.length);
}

function changeLog(path: string, size: number, lines: number): ChangeLog {
  let end = size;
  let count = lines;
  return {
    get lines() {
      return count;
    },
    async append(line) {
      end = await appendAt(path, end, utf8(textOf(line)));
      count++;
    },
  };
}

/** Appends and makes it last; after a failure the file ends where it ended before. */
async function appendAt(path: string, end: number, bytes: Uint8Array): Promise<number> {
  const file = await open(path, 'r+');
  try {
    // What a failed write left behind the end must not follow the new line.
    if ((await file.stat()).size !== end) await file.truncate(end);
    for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at, bytes.length - at, end + at)).bytesWritten;
    await file.datasync();
  } catch (error) {
    await truncate(path, end).catch(() => undefined);
    throw error;
  } finally {
    await file.close();
  }
  if (end === 0) await syncFolder(dirname(path));
  return end + bytes.length;
}

const textOf = (line: LogLine): string => `${JSON.stringify(line)}\n`;

function parseLine(path: string, text: string, i: number): LogLine {
  try {
    const line = JSON.parse(text) as LogLine;
    const digests = [line.put?.digest, line.remove, ...(line.tags ?? []).map(([, digest]) => digest)];
    if (digests.every((digest) => digest === undefined || isDigest(digest)) && isWhole(line.put)) return line;
  } catch {
    // Told below, with its place.
  }
  throw damaged(path, `line ${i + 1} is not a change`);
}

/** Whether a record has what is read of it later. */
function isWhole(record: TableChange['put']): boolean {
  if (record === undefined) return true;
  const { mediaType, size, subjects, blobs, manifests } = record;
  return (
    typeof mediaType === 'string' && Number.isSafeInteger(size) && [subjects, blobs, manifests].every(Array.isArray)
  );
}

function damaged(path: string, why: string): Error {
  return new Error(`${path} is damaged: ${why}; without the file the repository is read from index.json`);
}
