import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { encodeHex, hash, utf8 } from '@notarykit/common';
import type { FileSystem } from './file-system.js';
import { isAlive } from './lock.js';

/** What a writer of another machine left is removed when nothing was written to it for a day. */
const staleMs = 24 * 60 * 60_000;
const pattern = /\.(\d+)-([0-9a-f]{8})\.[0-9a-f]{12}\.tmp$/;

/** This machine in a file name. */
const machine = (): string => encodeHex(hash('sha256', utf8(hostname()))).slice(0, 8);

/** A name beside `path` for a file that is not whole yet; it tells whose it is. */
export function temporaryName(path: string): string {
  return `${path}.${process.pid}-${machine()}.${randomBytes(6).toString('hex')}.tmp`;
}

/** Removes what writers left in folders when they were killed. What cannot be removed stays; a folder that is not there has none. */
export async function sweepTemporaries(fs: FileSystem, folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    const names = await fs.readdir(folder).catch(() => []);
    for (const name of names) {
      if (await isLeftOver(fs, folder, name)) await fs.unlink(join(folder, name)).catch(() => undefined);
    }
  }
}

async function isLeftOver(fs: FileSystem, folder: string, name: string): Promise<boolean> {
  const [, pid, host] = pattern.exec(name) ?? [];
  if (pid === undefined) return false;
  if (host === machine() && !isAlive(Number(pid))) return true;
  const { mtimeMs } = await fs.lstat(join(folder, name)).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
  return Date.now() - mtimeMs > staleMs;
}
