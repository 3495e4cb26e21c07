import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Certificate, parseCertificates } from '@notarykit/pki/internal';
import { isTrustStoreName, trustStoreTypes } from '@notarykit/trust-policy/internal';
import { notationConfiguration } from '@notarykit/trust-policy/node';
import { type Arguments, UsageError } from './command.js';
import { readParsed } from './files.js';
import type { OptionSpec } from './option-spec.js';

/** Options that name a trust store. */
export const storeOptions: Readonly<Record<string, OptionSpec>> = {
  type: { type: 'string', short: 't', value: 'type', choices: trustStoreTypes, help: 'kind of trust store' },
  store: { type: 'string', short: 's', value: 'name', help: 'name of the trust store' },
};

/** A named trust store. */
export interface NamedStore {
  readonly type: string;
  readonly name: string;
  readonly folder: string;
}

/** The folder of a trust store. */
export function storeAt(type: string, name: string): NamedStore {
  if (!isTrustStoreName(name))
    throw new UsageError(`--store: expected a name of letters, digits and "_.-", found "${name}"`);
  return { type, name, folder: join(notationConfiguration().paths.trustStore, 'x509', type, name) };
}

/** The store that {@link storeOptions} name, which both are needed. */
export function readStore(args: Arguments): NamedStore {
  return storeAt(args.required('type'), args.required('store'));
}

/** The path of a file in a store: a name, so that nothing outside of it is meant. */
export function fileIn({ folder }: NamedStore, name: string): string {
  if (name !== basename(name) || /^\.*$/.test(name) || name.includes('\\'))
    throw new UsageError(`expected the name of a file in the trust store, such as wabbit.crt, found "${name}"`);
  return join(folder, name);
}

/** The certificates of a file, PEM or DER; never none. */
export async function readCertificates(path: string): Promise<readonly Certificate[]> {
  return await readParsed(path, (bytes) => parseCertificates(bytes));
}

/** A file in a trust store. */
export interface StoreFile {
  readonly type: string;
  readonly store: string;
  readonly file: string;
}

/** The files of every store, or of those of a type and a name. */
export async function listStoreFiles(type?: string, name?: string): Promise<readonly StoreFile[]> {
  const root = join(notationConfiguration().paths.trustStore, 'x509');
  const found: StoreFile[] = [];
  for (const kind of trustStoreTypes.filter((each) => type === undefined || each === type))
    for (const store of await namesIn(join(root, kind), 'folders'))
      if (name === undefined || store === name)
        for (const file of await namesIn(join(root, kind, store), 'files')) found.push({ type: kind, store, file });
  return found;
}

async function namesIn(folder: string, what: 'folders' | 'files'): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => (what === 'folders' ? entry.isDirectory() : entry.isFile()))
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
