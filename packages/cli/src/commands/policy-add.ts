import { defined } from '@notarykit/common/internal';
import { addStatement } from '@notarykit/trust-policy/internal';
import type { Command } from '../shell/command.js';
import { editOptions, editPolicy } from '../shell/policy-edit.js';
import { readStatement, statementOptions } from '../shell/statement.js';

export const policyAddCommand: Command = {
  usage: 'policy add <name>',
  summary: 'Add a statement to the trust policy; all else stays as it is written',
  options: {
    ...statementOptions,
    before: { type: 'string', value: 'name', help: 'the statement that it comes before; default: it comes last' },
    ...editOptions,
  },
  examples: [
    'policy add staging --scope staging.example.com/app --trust-store ca:build --trusted-identity "x509.subject:C=US,ST=WA,O=Wabbit Networks"',
  ],
  async run(args, terminal) {
    const [name = ''] = args.positionals;
    const statement = readStatement(args, name);
    const before = args.text('before');
    return await editPolicy(args, terminal, (document) => addStatement(document, statement, defined({ before })));
  },
};
