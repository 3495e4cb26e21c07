import type { Command } from '../shell/command.js';
import { outputOptions } from '../shell/output.js';
import { blobPolicy, readPolicyText, writePolicy, writtenText } from '../shell/policy-file.js';

export const blobPolicyImportCommand: Command = {
  usage: 'blob policy import <file>',
  summary: 'Take over a trust policy for files from a file, if it holds to every rule',
  options: { force: { type: 'boolean', help: 'replace the policy that is there' }, ...outputOptions },
  examples: ['blob policy import --force trustpolicy.blob.json'],
  async run(args, terminal) {
    const [file = ''] = args.positionals;
    const written = await writePolicy(await readPolicyText(file, blobPolicy), args.flag('force'), blobPolicy);
    terminal.result(written, writtenText(written));
    return 0;
  },
};
