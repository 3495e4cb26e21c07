import { lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isFileName } from '@notarykit/common/internal';
import { notationConfiguration } from '@notarykit/trust-policy/node';
import { type Command, UsageError } from '../shell/command.js';
import { confirm, confirmOptions } from '../shell/confirm.js';
import { outputOptions } from '../shell/output.js';

export const pluginUninstallCommand: Command = {
  usage: 'plugin uninstall <name>',
  aliases: ['remove', 'rm'],
  summary: 'Delete an installed plugin',
  options: { ...confirmOptions, ...outputOptions },
  examples: ['plugin uninstall wabbit-plugin'],
  async run(args, terminal) {
    const [name = ''] = args.positionals;
    if (!isFileName(name)) throw new UsageError(`expected the name of a plugin, found "${name}"`);
    const path = join(notationConfiguration().paths.plugins, name);
    await lstat(path);
    const isMeant = await confirm(args, `Uninstall the plugin ${name}?`);
    // A link is deleted, not what it leads to.
    if (isMeant) await rm(path, { recursive: true });
    terminal.result({ name, path, uninstalled: isMeant }, isMeant ? `uninstalled ${name}` : 'nothing is deleted');
    return 0;
  },
};
