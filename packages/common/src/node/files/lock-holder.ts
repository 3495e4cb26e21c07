import { hostname } from 'node:os';
import { FileLockError } from './lock-error.js';
import { type LockFileSystem, unlessMissing } from './lock-file.js';
import { isAlive, type ProcessIdentity, stateOf } from './process-identity.js';

/** Who has a lock, as far as can be seen. */
export interface LockHolder {
  readonly text: string;
  /** For messages. */
  readonly who: string;
  readonly stale: boolean;
  /** It is known to live: it runs on this machine, or it renewed its lock while it was watched. */
  readonly lives: boolean;
  /** How long this same holder has been watched, milliseconds. */
  readonly sinceMs: number;
}

/**
 * Looks at the holder of a lock again and again; nothing when there is none. Age is how long the file has been seen unchanged. Where
 * its date says that it is older than that, part of the time is enough: a clock that was put forward says so of a holder that lives.
 */
export function watchHolder(fs: LockFileSystem, path: string, ageMs: number): () => Promise<LockHolder | undefined> {
  let text = '';
  let stamp = '';
  let renewals = 0;
  let since = performance.now();
  let unchanged = since;
  return async () => {
    const found = await readLock(fs, path);
    if (found === undefined) return undefined;
    const now = performance.now();
    if (found.text !== text) [since, renewals] = [now, 0];
    else if (found.stamp !== stamp) renewals++;
    if (found.text !== text || found.stamp !== stamp) unchanged = now;
    ({ text, stamp } = found);
    const holder = parseHolder(text);
    const enough = Date.now() - found.mtimeMs > ageMs ? (ageMs * 4) / 9 : ageMs;
    const state = stateOfHolder(holder);
    const stale = state === 'gone' || now - unchanged > enough;
    return {
      text,
      who: nameOf(holder),
      stale,
      lives: state === 'running' || renewals > 0,
      sinceMs: now - since,
    };
  };
}

function noLock(path: string): FileLockError {
  const message = `${path} is not a lock: expected a regular file, found a link or something else; remove it`;
  return new FileLockError('ERR_LOCK_PATH', message);
}

async function readLock(fs: LockFileSystem, path: string) {
  const there = await fs.lstat(path).catch(unlessMissing);
  if (there === undefined) return undefined;
  // A pipe would be read for ever, and a link to nothing would seem free and never be.
  if (!there.isFile()) throw noLock(path);
  const text = await fs.readFile(path, 'utf8').catch(unlessMissing);
  if (text === undefined) return undefined;
  return { text, stamp: `${there.ino} ${there.mtimeMs}`, mtimeMs: there.mtimeMs };
}

type Holder = ProcessIdentity | { readonly pid: number; readonly host: string } | undefined;

/** The identity in a lock; earlier versions wrote `pid host`. */
function parseHolder(text: string): Holder {
  const [, pid, host] = /^(\d{1,10}) (\S+)$/.exec(text) ?? [];
  if (pid !== undefined && host !== undefined) return { pid: Number(pid), host };
  try {
    const found = JSON.parse(text) as Record<string, unknown>;
    const texts = [found['host'], found['boot'], found['space'], found['start']];
    if (!Number.isSafeInteger(found['pid']) || texts.some((value) => typeof value !== 'string')) return undefined;
    return found as unknown as ProcessIdentity;
  } catch {
    return undefined;
  }
}

function stateOfHolder(holder: Holder): 'running' | 'gone' | 'unknown' {
  if (holder === undefined) return 'unknown';
  if ('boot' in holder) return stateOf(holder);
  return holder.host === hostname() && !isAlive(holder.pid) ? 'gone' : 'unknown';
}

function nameOf(holder: Holder): string {
  return holder === undefined ? 'an unknown process' : `process ${holder.pid} of ${holder.host}`;
}
