import type { Command } from '../shell/command.js';
import { outputOptions } from '../shell/output.js';
import { table } from '../shell/table.js';
import { listStoreFiles, storeOptions } from '../shell/trust-store-files.js';

export const certListCommand: Command = {
  usage: 'cert list',
  aliases: ['ls'],
  summary: 'List the certificate files of the trust stores',
  options: { ...storeOptions, ...outputOptions },
  examples: ['cert list', 'cert list --type ca --store wabbit-networks'],
  async run(args, terminal) {
    const files = await listStoreFiles(args.text('type'), args.text('store'));
    const rows = files.map(({ type, store, file }) => [type, store, file]);
    const text = files.length === 0 ? '' : table(['STORE TYPE', 'STORE NAME', 'CERTIFICATE'], rows);
    terminal.result(files, text);
    return 0;
  },
};
