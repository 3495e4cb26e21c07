import { lintTrustPolicy } from '@notarykit/trust-policy/internal';
import { notationConfiguration } from '@notarykit/trust-policy/node';
import type { Command } from '../shell/command.js';
import { exitCodes } from '../shell/exit-codes.js';
import { readPolicyFile } from '../shell/policy-file.js';
import { readAt, timeOptions } from '../shell/time.js';

export const policyLintCommand: Command = {
  usage: 'policy lint [file]',
  summary: 'Say what in a trust policy is wider than it seems, without effect, or out of date',
  options: timeOptions,
  examples: ['policy lint', 'policy lint trustpolicy.json'],
  async run(args, terminal, call) {
    const policy = await readPolicyFile(args.positionals[0]);
    const { at } = readAt(args);
    const { trustStore } = notationConfiguration();
    const findings = await lintTrustPolicy(policy, { ...call, trustStore, ...(at && { now: at }) });
    const lines = findings.map(
      ({ severity, statement = 'document', member, message, remedy }) =>
        `${severity}: ${statement}, ${member}: ${message}\n  do: ${remedy}`,
    );
    terminal.result(findings, lines.length === 0 ? 'nothing to say' : lines.join('\n'));
    return findings.some(({ severity }) => severity === 'error') ? exitCodes.refused : exitCodes.trusted;
  },
};
