import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Logger, quote } from '@notarykit/common/internal';
import { type Certificate, parseCertificates } from '@notarykit/pki/internal/core';
import { listNames } from '../list-names.js';
import {
  type AnchorOptions,
  checkAnchors,
  checkCount,
  checkStoreName,
  maxCertificates,
  refuseStore,
} from '../trust-store/check-anchors.js';
import type { TrustStore, TrustStoreType } from '../trust-store.js';
import { FileProblem, readRegularFile, sameFile, statsOf } from './read-file.js';
import { warnOfWriters } from './writers.js';

const maxFileSize = 1024 * 1024;

/** Options of {@link directoryTrustStore}. */
export interface DirectoryTrustStoreOptions extends AnchorOptions {
  /** Is warned of a store that others can write, and of certificates that were set aside. */
  readonly logger?: Logger;
}

interface Loaded {
  readonly state: string;
  readonly certificates: readonly Certificate[];
}

/**
 * The trust store of an installed `notation`: `{directory}/x509/{type}/{name}/*`. Every file must hold certificates (PEM or
 * DER) and nothing else; one bad file, link, device or folder spoils its store. Files are read again when they change.
 *
 * Anyone who can write to a store decides what is trusted: of folders and files that others than their owner can write, or that belong
 * to somebody else than this user and the system, the logger is warned, once for each state. They are read all the same, as by
 * notation. Owner and mode are not looked at on Windows.
 *
 * @param directory - the folder `truststore` of the configuration
 *
 * @example
 * ```ts
 * const trustStore = directoryTrustStore(join(homedir(), '.config/notation/truststore'));
 * ```
 */
export function directoryTrustStore(directory: string, options: DirectoryTrustStoreOptions = {}): TrustStore {
  const { logger } = options;
  const loaded = new Map<string, Loaded>();
  return {
    async certificates(type, name) {
      checkStoreName(type, name);
      const path = join(directory, 'x509', type, name);
      const files = await listStore(path, `${type}:${name}`);
      const state = JSON.stringify(files);
      const known = loaded.get(path);
      if (known?.state === state) return known.certificates;
      const certificates = await readStore(path, type, name, files, options);
      if (logger?.warn !== undefined) await warnOfWriters(directory, [type, name], files, logger);
      loaded.set(path, { state, certificates });
      return certificates;
    },
  };
}

interface StoreFile {
  readonly name: string;
  /** Changes whenever the file does. */
  readonly state: readonly number[];
}

async function listStore(path: string, store: string): Promise<readonly StoreFile[]> {
  try {
    const folder = await statsOf(path);
    if (!folder.isDirectory()) throw refuseStore(store, 'it is not a folder (symbolic links are not followed)');
    const names = (await readdir(path)).sort();
    if (names.length > maxCertificates)
      throw refuseStore(store, `expected at most ${maxCertificates} files, found ${names.length}`);
    const files: StoreFile[] = [];
    for (const name of names) files.push(await lookAt(path, name, store));
    if (!sameFile(folder, await statsOf(path))) throw refuseStore(store, 'the folder was replaced while it was read');
    return files;
  } catch (error) {
    throw error instanceof FileProblem ? refuseStore(store, await storeProblem(error, path), undefined, error) : error;
  }
}

async function storeProblem(problem: FileProblem, path: string): Promise<string> {
  return problem.kind === 'missing' ? `there is no such store; ${await storesBeside(path)}` : problem.message;
}

/** The stores of the same type: what was misspelt is found by them. */
async function storesBeside(path: string): Promise<string> {
  const names = await readdir(dirname(path)).catch(() => []);
  return names.length === 0
    ? `expected a folder ${quote(path)}`
    : `the stores of this type are ${listNames(names.sort())}`;
}

async function lookAt(path: string, name: string, store: string): Promise<StoreFile> {
  const stats = await statsOf(join(path, name));
  if (!stats.isFile()) {
    throw refuseStore(
      store,
      'it is not a regular file (a store holds certificate files only, no links or folders)',
      name,
    );
  }
  return { name, state: [stats.dev, stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs] };
}

async function readStore(
  path: string,
  type: TrustStoreType,
  name: string,
  files: readonly StoreFile[],
  options: AnchorOptions,
): Promise<readonly Certificate[]> {
  const store = `${type}:${name}`;
  const certificates: Certificate[] = [];
  for (const file of files) {
    const found = await readCertificates(join(path, file.name), store, file.name);
    certificates.push(...(await checkAnchors(type, name, found, { ...options, file: file.name })));
  }
  checkCount(store, certificates);
  return certificates;
}

async function readCertificates(path: string, store: string, file: string): Promise<readonly Certificate[]> {
  try {
    return parseCertificates(await readRegularFile(path, maxFileSize));
  } catch (cause) {
    throw refuseStore(store, (cause as Error).message, file, cause);
  }
}
