import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Cache, sha256Hex, utf8 } from '@notarykit/common/internal';
import { sweepTemporaries, writeWhole } from '@notarykit/common/internal/node';
import { type CrlBundle, decodeCrlBundle, encodeCrlBundle } from '../internal.js';

/** Limits of {@link directoryCrlCache}. */
export interface DirectoryCrlCacheOptions {
  /** The most bytes of a file: two CRLs of 32 MiB in base64 by default. */
  readonly maxBytes?: number;
}

const defaultMaxBytes = 90 * 1024 * 1024;

/**
 * The CRL cache that notation keeps in `{NOTATION_CACHE}/crl`: one JSON file per URL, named by the SHA-256 of the URL. Both
 * tools read each other's files. What is in it is verified on every use, so a file that was tampered with is a miss; files
 * are written beside and renamed, so two processes never see a partial file; the next writer removes temporary files of killed ones.
 *
 * @example
 * ```ts
 * const cache = directoryCrlCache(join(homedir(), '.cache', 'notation', 'crl'));
 * const revocation = createRevocationChecker({ fetch: revocationFetch(), cache });
 * ```
 */
export function directoryCrlCache(directory: string, options: DirectoryCrlCacheOptions = {}): Cache<CrlBundle> {
  const { maxBytes = defaultMaxBytes } = options;
  const pathOf = (url: string): string => join(directory, sha256Hex(utf8(url)));
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
      await writeWhole(pathOf(url), encodeCrlBundle(bundle), { replace: true });
      await sweepTemporaries([directory]);
    },
    delete: (url) => rm(pathOf(url), { force: true }),
  };
}
