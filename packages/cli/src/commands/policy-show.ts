import { readFile } from 'node:fs/promises';
import type { Command } from '../shell/command.js';
import { outputOptions } from '../shell/output.js';
import { artifactPolicy, type PolicyKind, policyPath } from '../shell/policy-file.js';
import type { Terminal } from '../shell/terminal.js';

export const policyShowCommand: Command = {
  usage: 'policy show',
  summary: 'Print the trust policy of this machine, after checking it',
  options: { ...outputOptions },
  examples: ['policy show'],
  run: (_args, terminal) => showPolicy(artifactPolicy, terminal),
};

/** Prints a policy of this machine as it is written. */
export async function showPolicy(kind: PolicyKind, terminal: Terminal): Promise<number> {
  const text = await readFile(await policyPath(kind), 'utf8');
  const { warnings } = kind.parse(text);
  for (const { member, message } of warnings) terminal.note(`${member}: ${message}`);
  terminal.result(JSON.parse(text), text.trimEnd());
  return 0;
}
