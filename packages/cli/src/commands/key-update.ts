import { type Command, UsageError } from '../shell/command.js';
import { outputOptions } from '../shell/output.js';
import { checkKnown, editKeys } from '../shell/signing-keys-file.js';

export const keyUpdateCommand: Command = {
  usage: 'key update <name>',
  aliases: ['set'],
  summary: 'Make a key the default one',
  options: { default: { type: 'boolean', help: 'sign with this key unless another is named' }, ...outputOptions },
  examples: ['key update --default wabbit-networks'],
  async run(args, terminal) {
    const [name = ''] = args.positionals;
    if (!args.flag('default')) throw new UsageError('say --default: there is nothing else of a key to update');
    const path = await editKeys((list) => {
      checkKnown(list, name);
      return { ...list, default: name };
    });
    terminal.result({ path, name, default: true }, `${name}: marked as default`);
    return 0;
  },
};
