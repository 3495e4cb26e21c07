import { mkdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { writeWhole } from '@notarykit/common/internal/node';
import { parseCertificates } from '@notarykit/pki/internal';
import type { TrustStoreType } from '@notarykit/trust-policy/internal';
import { notationConfiguration } from '@notarykit/trust-policy/node';
import type { Command } from '../shell/command.js';
import { exitCodes } from '../shell/exit-codes.js';
import { readParsed } from '../shell/files.js';
import { outputOptions } from '../shell/output.js';
import { fileIn, type NamedStore, readStore, storeOptions } from '../shell/trust-store-files.js';

export const certAddCommand: Command = {
  usage: 'cert add <files...>',
  summary: 'Add certificates to a trust store, whose signers are then trusted where a trust policy names the store',
  options: { ...storeOptions, ...outputOptions },
  examples: ['cert add --type ca --store wabbit-networks wabbit-networks.crt'],
  async run(args, terminal) {
    const store = readStore(args);
    const added: string[] = [];
    const failed: { readonly path: string; readonly message: string }[] = [];
    for (const path of args.positionals)
      try {
        await addCertificates(store, path);
        added.push(path);
      } catch (error) {
        failed.push({ path, message: messageOf(error) });
      }
    for (const { path, message } of failed) terminal.note(`${path} was not added: ${message}`);
    const problem = added.length === 0 ? undefined : await problemOf(store);
    if (problem !== undefined) terminal.note(problem);
    const lines = added.map((path) => `added ${path} to ${store.type}:${store.name}`);
    terminal.result({ store: `${store.type}:${store.name}`, added, failed }, lines.join('\n') || 'nothing was added');
    return failed.length === 0 ? exitCodes.trusted : exitCodes.failed;
  },
};

/** Puts a file with certificates, and with nothing else, into a store. */
export async function addCertificates(store: NamedStore, path: string): Promise<void> {
  // The bytes that were checked are those that are written.
  const checked = await readParsed(path, (bytes) => {
    parseCertificates(bytes);
    return bytes;
  });
  const target = fileIn(store, basename(path));
  await mkdir(store.folder, { recursive: true, mode: 0o700 });
  await writeWhole(target, checked, { replace: false });
}

/** A store with one certificate that may not be there is refused as a whole, by notation, too. */
async function problemOf({ type, name }: NamedStore): Promise<string | undefined> {
  const { trustStore } = notationConfiguration();
  return await trustStore.certificates(type as TrustStoreType, name).then(() => undefined, messageOf);
}

const messageOf = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EEXIST') return 'the trust store has a file of that name';
  return message;
};
