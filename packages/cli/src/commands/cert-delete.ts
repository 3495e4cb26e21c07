import { lstat, rm } from 'node:fs/promises';
import { type Command, UsageError } from '../shell/command.js';
import { confirm, confirmOptions } from '../shell/confirm.js';
import { outputOptions } from '../shell/output.js';
import { fileIn, readStore, storeOptions } from '../shell/trust-store-files.js';

export const certDeleteCommand: Command = {
  usage: 'cert delete [name]',
  summary: 'Delete a certificate file of a trust store, or with --all the whole store',
  options: {
    ...storeOptions,
    all: { type: 'boolean', short: 'a', help: 'every certificate of the store' },
    ...confirmOptions,
    ...outputOptions,
  },
  examples: [
    'cert delete --type ca --store wabbit-networks wabbit-networks.crt',
    'cert delete --type ca --store wabbit-networks --all --yes',
  ],
  async run(args, terminal) {
    const store = readStore(args);
    const [name] = args.positionals;
    if ((name === undefined) !== args.flag('all'))
      throw new UsageError('name one certificate file, or say --all, and not both');
    const path = name === undefined ? store.folder : fileIn(store, name);
    await lstat(path);
    const what = name === undefined ? 'every certificate' : `"${name}"`;
    const isMeant = await confirm(args, `Delete ${what} of ${store.type}:${store.name}?`);
    // A link is deleted, not what it leads to.
    if (isMeant) await rm(path, { recursive: name === undefined });
    terminal.result({ path, deleted: isMeant }, isMeant ? `deleted ${path}` : 'nothing is deleted');
    return 0;
  },
};
