import { removeStatement } from '@notarykit/trust-policy/internal';
import type { Command } from '../shell/command.js';
import { editOptions, editPolicy } from '../shell/policy-edit.js';

export const policyRemoveCommand: Command = {
  usage: 'policy remove <name>',
  summary: 'Remove a statement from the trust policy; all else stays as it is written',
  options: editOptions,
  examples: ['policy remove staging', 'policy remove --dry-run staging'],
  async run(args, terminal) {
    const [name = ''] = args.positionals;
    return await editPolicy(args, terminal, (document) => removeStatement(document, name));
  },
};
