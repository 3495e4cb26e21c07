import { defined } from '@notarykit/common/internal';
import { notationConfiguration, type SigningKey } from '@notarykit/trust-policy/node';
import type { Command } from '../shell/command.js';
import { outputOptions } from '../shell/output.js';
import { keyEntry } from '../shell/signing-keys-file.js';
import { table } from '../shell/table.js';

export const keyListCommand: Command = {
  usage: 'key list',
  aliases: ['ls'],
  summary: 'List the keys that sign by their name; the default is marked by "*"',
  options: { ...outputOptions },
  examples: ['key list'],
  async run(_args, terminal) {
    const { keys, default: usual } = await notationConfiguration().signingKeys();
    const rows = keys.map((key) => [key.name === usual ? `* ${key.name}` : key.name, ...placeOf(key)]);
    const text = table(['NAME', 'KEY PATH', 'CERTIFICATE PATH', 'ID', 'PLUGIN NAME'], rows);
    terminal.result({ ...defined({ default: usual }), keys: keys.map(keyEntry) }, text);
    return 0;
  },
};

function placeOf(key: SigningKey): readonly string[] {
  return 'keyPath' in key ? [key.keyPath, key.certificatePath, '', ''] : ['', '', key.id, key.plugin];
}
