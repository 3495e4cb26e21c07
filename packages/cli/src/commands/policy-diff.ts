import { diffTrustPolicies } from '@notarykit/trust-policy/internal';
import type { Command } from '../shell/command.js';
import { readPolicyFile } from '../shell/policy-file.js';
import { readAt, timeOptions } from '../shell/time.js';

export const policyDiffCommand: Command = {
  usage: 'policy diff <file> [other]',
  summary: 'Say what changes when one trust policy takes the place of another, by meaning',
  options: timeOptions,
  examples: ['policy diff new.json', 'policy diff old.json new.json'],
  async run(args, terminal) {
    const [first = '', second] = args.positionals;
    const [before, after] = second === undefined ? [undefined, first] : [first, second];
    const differences = diffTrustPolicies(await readPolicyFile(before), await readPolicyFile(after), readAt(args));
    const lines = differences.map(({ effect, message }) => `${effect}: ${message}`);
    terminal.result(differences, lines.length === 0 ? 'both mean the same' : lines.join('\n'));
    return 0;
  },
};
