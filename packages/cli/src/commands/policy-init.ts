import type { Command } from '../shell/command.js';
import { outputOptions } from '../shell/output.js';
import { writePolicy, writtenText } from '../shell/policy-file.js';
import { readStatement, statementOptions } from '../shell/statement.js';

export const policyInitCommand: Command = {
  usage: 'policy init',
  summary: 'Write a trust policy with one statement',
  options: {
    name: { type: 'string', short: 'n', value: 'name', help: 'name of the statement' },
    ...statementOptions,
    force: { type: 'boolean', help: 'replace the policy that is there' },
    ...outputOptions,
  },
  examples: [
    'policy init --name wabbit-networks --trust-store ca:wabbit-networks --trusted-identity "x509.subject:C=US,ST=WA,O=Wabbit Networks"',
  ],
  async run(args, terminal) {
    const statement = readStatement(args, args.required('name'));
    const document = { version: '1.0', trustPolicies: [statement] };
    const written = await writePolicy(`${JSON.stringify(document, undefined, 2)}\n`, args.flag('force'));
    terminal.result(written, writtenText(written));
    return 0;
  },
};
