import type { Stats } from 'node:fs';
import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeUtf8, utf8 } from '../../bytes.js';
import { type Cache, checkEntries } from '../../cache.js';
import { sha256Hex } from '../../hash.js';
import { readSmall } from './read-small.js';
import { sweepTemporaries } from './temporary.js';
import { writeWhole } from './write-whole.js';

/** Bounds of {@link directoryCache}. */
export interface DirectoryCacheOptions {
  /** How many entries are kept; the oldest go first. Default 1,000. */
  readonly maxEntries?: number;
  /** The most bytes of an entry; a longer one is not kept. Default 1 MiB. */
  readonly maxBytes?: number;
}

const suffix = '.entry';

/**
 * A cache of text in an existing folder: one file per key, named by the SHA-256 of the key. A file is written under a temporary name and
 * renamed, so that no entry is ever incomplete; temporary files of killed processes are removed later. It keeps no times: put a
 * `sealedCache` around it, whose entries have an expiry and a seal.
 *
 * @example
 * ```ts
 * const cache = sealedCache(directoryCache('/var/cache/wabbit'), { secret });
 * ```
 */
export function directoryCache(folder: string, options: DirectoryCacheOptions = {}): Cache<string> {
  const { maxBytes = 1024 * 1024 } = options;
  const maxEntries = checkEntries(options.maxEntries ?? 1_000);
  const pathOf = (key: string): string => join(folder, `${sha256Hex(utf8(key))}${suffix}`);
  return {
    get: (key) => readEntry(pathOf(key), maxBytes),
    async set(key, text) {
      const bytes = utf8(text);
      if (bytes.length > maxBytes) return;
      await writeWhole(pathOf(key), bytes, { replace: true });
      await sweep(folder, maxEntries);
    },
    delete: (key) => rm(pathOf(key), { force: true }),
  };
}

/** A link or anything but a regular file was not written by this cache: it is not read. */
async function readEntry(path: string, maxBytes: number): Promise<string | undefined> {
  try {
    const bytes = await readSmall(path, { maxBytes, followLinks: false });
    return bytes === undefined ? undefined : decodeUtf8(bytes);
  } catch {
    return undefined;
  }
}

/** Removes temporary files of killed writers, and the oldest entries when there are too many: a tenth more, so that it is not done each time. */
async function sweep(folder: string, maxEntries: number): Promise<void> {
  await sweepTemporaries([folder]);
  const names = (await readdir(folder)).filter((name) => name.endsWith(suffix));
  if (names.length <= maxEntries) return;
  const entries = await Promise.all(names.map((name) => ageOf(join(folder, name))));
  entries.sort((one, other) => one.mtimeMs - other.mtimeMs);
  const kept = Math.floor(maxEntries * 0.9);
  for (const { path } of entries.slice(0, entries.length - kept)) await rm(path, { force: true });
}

async function ageOf(path: string): Promise<{ readonly path: string } & Pick<Stats, 'mtimeMs'>> {
  // An entry that another process just removed: removing it again does nothing.
  const { mtimeMs } = await lstat(path).catch(() => ({ mtimeMs: 0 }));
  return { path, mtimeMs };
}
