import type { CallOptions } from '@notarykit/common/internal';
import { commands, groupAliases, groups } from './commands/index.js';
import { runWith } from './shell/run.js';

/**
 * Runs one command line of the tool, `['verify', 'registry.example.com/net-monitor:v1']`. It writes to the standard output and the
 * standard error of the process, and ends nothing.
 *
 * @param options - `signal` interrupts the command
 * @returns one of {@link exitCodes}; it throws never
 */
export function runCommandLine(words: readonly string[], options: CallOptions = {}): Promise<number> {
  return runWith({ commands, groups, groupAliases }, words, options);
}
