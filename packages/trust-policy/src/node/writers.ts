import type { Stats } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '@notarykit/common/internal';
import { statsOf } from './read-file.js';

/** Warns of the folders and files of a store that somebody else can change, from the trust store's own folder down to its files. */
export async function warnOfWriters(
  directory: string,
  [type, name]: readonly [type: string, name: string],
  files: readonly { readonly name: string }[],
  logger: Logger,
): Promise<void> {
  if (process.platform === 'win32') return;
  const folders = [['x509'], ['x509', type], ['x509', type, name]].map((parts) => join(directory, ...parts));
  const store = folders.at(-1) as string;
  for (const path of [directory, ...folders, ...files.map((file) => join(store, file.name))]) {
    const problem = problemOf(await statsOf(path));
    if (problem !== undefined)
      logger.warn?.(`trust store: ${problem}, who can thus decide what is trusted`, { store: `${type}:${name}`, path });
  }
}

function problemOf({ uid, mode }: Stats): string | undefined {
  if (uid !== 0 && uid !== process.getuid?.()) return 'it belongs to another user';
  // In a sticky folder others can add files, though not exchange any.
  return (mode & 0o022) === 0 ? undefined : 'users other than its owner can write it';
}
