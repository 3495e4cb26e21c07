import { randomBytes } from 'node:crypto';
import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { utf8 } from '../../bytes.js';
import { sha256Hex } from '../../hash.js';
import { isAlive, type ProcessIdentity, stateOf, thisProcess } from './process-identity.js';

/** What a writer that cannot be seen from here left is removed when nothing was written to it for a day. */
const staleMs = 24 * 60 * 60_000;
const pattern = /\.(\d{1,10})-([0-9a-f]{8})(?:-([0-9a-f]{8})-(\d{0,20}))?\.[0-9a-f]{12}\.(?:tmp|staging)$/;
/** Folders of archives as earlier versions named them: they do not tell whose machine it was. */
const earlier = /\.(\d{1,10})\.[0-9a-z]{1,12}\.staging$/;

const short = (text: string): string => sha256Hex(utf8(text)).slice(0, 8);
const machineOf = ({ host }: ProcessIdentity): string => short(host);
const seenOf = ({ boot, space }: ProcessIdentity): string => short(`${boot} ${space}`);

/** A name beside `path` for a file (`tmp`) or folder (`staging`) that is not whole yet; it tells whose it is. */
export function temporaryName(path: string, kind: 'tmp' | 'staging' = 'tmp'): string {
  const own = thisProcess();
  const writer = `${own.pid}-${machineOf(own)}-${seenOf(own)}-${own.start}`;
  return `${path}.${writer}.${randomBytes(6).toString('hex')}.${kind}`;
}

/** The calls that a sweep makes. */
export interface SweepFileSystem {
  readonly lstat: typeof lstat;
  readonly readdir: typeof readdir;
  readonly rm: typeof rm;
}

/**
 * Removes what writers left in folders when they were killed; with `prefix` only what begins so. What cannot be removed stays; a
 * folder that is not there has none.
 */
export async function sweepTemporaries(
  folders: readonly string[],
  { prefix = '', fileSystem: fs = { lstat, readdir, rm } }: { prefix?: string; fileSystem?: SweepFileSystem } = {},
): Promise<void> {
  for (const folder of folders) {
    const names = await fs.readdir(folder).catch(() => []);
    for (const name of names) {
      if (!name.startsWith(prefix) || !(await isLeftOver(fs, folder, name))) continue;
      await fs.rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined);
    }
  }
}

async function isLeftOver(fs: SweepFileSystem, folder: string, name: string): Promise<boolean> {
  const [, pid, machine, seen, start] = pattern.exec(name) ?? earlier.exec(name) ?? [];
  if (pid === undefined) return false;
  const state = stateOfWriter(Number(pid), machine, seen, start);
  if (state !== 'unknown') return state === 'gone';
  const { mtimeMs } = await fs.lstat(join(folder, name)).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
  return Date.now() - mtimeMs > staleMs;
}

function stateOfWriter(pid: number, machine: string | undefined, seen: string | undefined, start = '') {
  const own = thisProcess();
  if (machine !== machineOf(own)) return 'unknown';
  if (seen === seenOf(own)) return stateOf({ ...own, pid, start });
  // Earlier versions named only process and machine.
  return seen === undefined && !isAlive(pid) ? 'gone' : 'unknown';
}
