import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Cache, encodeHex, hash, utf8 } from '@notarykit/common';
import { type CrlBundle, decodeCrlBundle, encodeCrlBundle } from '../index.js';

/** Limits of {@link directoryCrlCache}. */
export interface DirectoryCrlCacheOptions {
  /** The most bytes of a file: two CRLs of 32 MiB in base64 by default. */
  readonly maxBytes?: number;
}

const defaultMaxBytes = 90 * 1024 * 1024;

/**
 * The CRL cache that notation keeps in `{NOTATION_CACHE}/crl`: one JSON file per URL, named by the SHA-256 of the URL. Both
 * tools read each other's files. What is in it is verified on every use, so a file that was tampered with is a miss; files
 * are written beside and renamed, so two processes never see half of one.
 *
 * @example
 * ```ts
 * const cache = directoryCrlCache(join(homedir(), '.cache', 'notation', 'crl'));
 * const revocation = createRevocationChecker({ fetch: revocationFetch(), cache });
 * ```
 */
export function directoryCrlCache(directory: string, options: DirectoryCrlCacheOptions = {}): Cache<CrlBundle> {
  const { maxBytes = defaultMaxBytes } = options;
  const pathOf = (url: string): string => join(directory, encodeHex(hash('sha256', utf8(url))));
  return {
    async get(url) {
      try {
        const path = pathOf(url);
        if ((await stat(path)).size > maxBytes) return undefined;
        return decodeCrlBundle(new Uint8Array(await readFile(path)));
      } catch {
        // Missing, unreadable, cut: a cache may forget.
        return undefined;
      }
    },
    async set(url, bundle) {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      await writeBeside(directory, pathOf(url), encodeCrlBundle(bundle));
    },
    delete: (url) => rm(pathOf(url), { force: true }),
  };
}

/** In the same directory, since a rename works within one file system only. */
async function writeBeside(directory: string, path: string, text: string): Promise<void> {
  const temporary = join(directory, `.${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
