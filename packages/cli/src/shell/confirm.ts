import { createInterface } from 'node:readline';
import { type Arguments, UsageError } from './command.js';
import type { OptionSpec } from './option-spec.js';

/** The option that answers {@link confirm}. */
export const confirmOptions: Readonly<Record<string, OptionSpec>> = {
  yes: { type: 'boolean', short: 'y', help: 'do not ask for confirmation' },
};

/** Asks for confirmation; a script says `--yes`, or answers on standard input. */
export async function confirm(args: Arguments, question: string): Promise<boolean> {
  if (args.flag('yes')) return true;
  process.stderr.write(`${question} [y/N] `);
  const answer = await firstLine();
  if (answer === undefined) throw new UsageError('standard input has no answer: add --yes to confirm');
  return /^y(?:es)?$/i.test(answer.trim());
}

async function firstLine(): Promise<string | undefined> {
  const lines = createInterface({ input: process.stdin });
  try {
    for await (const line of lines) return line;
    return undefined;
  } finally {
    lines.close();
  }
}
