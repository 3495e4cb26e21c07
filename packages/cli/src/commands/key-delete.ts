import type { Command } from '../shell/command.js';
import { outputOptions } from '../shell/output.js';
import { checkKnown, editKeys } from '../shell/signing-keys-file.js';

export const keyDeleteCommand: Command = {
  usage: 'key delete <names...>',
  summary: 'Take keys off the list; the keys themselves stay where they are',
  options: { ...outputOptions },
  examples: ['key delete wabbit-networks'],
  async run(args, terminal) {
    const names = [...new Set(args.positionals)];
    let usual: string | undefined;
    const path = await editKeys((list) => {
      for (const name of names) checkKnown(list, name);
      const { default: before, ...rest } = list;
      usual = before;
      const keys = list.keys.filter(({ name }) => typeof name !== 'string' || !names.includes(name));
      return before === undefined || names.includes(before) ? { ...rest, keys } : { ...list, keys };
    });
    const lines = names.map(
      (name) => `${name}${name === usual ? ' (default)' : ''}: taken off the list; the key itself stays`,
    );
    terminal.result({ path, deleted: names }, lines.join('\n'));
    return 0;
  },
};
