import type { Command } from '../shell/command.js';
import { outputOptions } from '../shell/output.js';
import { readPolicyText, writePolicy, writtenText } from '../shell/policy-file.js';

export const policyImportCommand: Command = {
  usage: 'policy import <file>',
  summary: 'Take over a trust policy from a file, if it holds to every rule',
  options: { force: { type: 'boolean', help: 'replace the policy that is there' }, ...outputOptions },
  examples: ['policy import --force trustpolicy.json'],
  async run(args, terminal) {
    const [file = ''] = args.positionals;
    const written = await writePolicy(await readPolicyText(file), args.flag('force'));
    terminal.result(written, writtenText(written));
    return 0;
  },
};
