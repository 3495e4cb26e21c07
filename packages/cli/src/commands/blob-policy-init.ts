import type { Command } from '../shell/command.js';
import { outputOptions } from '../shell/output.js';
import { blobPolicy, writePolicy, writtenText } from '../shell/policy-file.js';
import { readBlobStatement, statementOptions } from '../shell/statement.js';

const { scope: _, ...options } = statementOptions;

export const blobPolicyInitCommand: Command = {
  usage: 'blob policy init',
  summary: 'Write a trust policy for files with one statement',
  options: {
    name: { type: 'string', short: 'n', value: 'name', help: 'name of the statement' },
    ...options,
    global: { type: 'boolean', help: 'the statement holds where no other is named' },
    force: { type: 'boolean', help: 'replace the policy that is there' },
    ...outputOptions,
  },
  examples: [
    'blob policy init --name releases --global --trust-store ca:wabbit-networks --trusted-identity "x509.subject:C=US,ST=WA,O=Wabbit Networks"',
  ],
  async run(args, terminal) {
    const document = { version: '1.0', trustPolicies: [readBlobStatement(args, args.required('name'))] };
    const written = await writePolicy(`${JSON.stringify(document, undefined, 2)}\n`, args.flag('force'), blobPolicy);
    terminal.result(written, writtenText(written));
    return 0;
  },
};
