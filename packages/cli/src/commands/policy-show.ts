import { readFile } from 'node:fs/promises';
import { parseAnyTrustPolicy } from '@notarykit/trust-policy';
import type { Command } from '../shell/command.js';
import { outputOptions } from '../shell/output.js';
import { policyPath } from '../shell/policy-file.js';

export const policyShowCommand: Command = {
  usage: 'policy show',
  summary: 'Print the trust policy of this machine, after checking it',
  options: { ...outputOptions },
  examples: ['policy show'],
  async run(_args, terminal) {
    const text = await readFile(await policyPath(), 'utf8');
    const { warnings } = parseAnyTrustPolicy(text);
    for (const { member, message } of warnings) terminal.note(`${member}: ${message}`);
    terminal.result(JSON.parse(text), text.trimEnd());
    return 0;
  },
};
