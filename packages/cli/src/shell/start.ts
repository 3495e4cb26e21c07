import type { CallOptions } from '@notarykit/common/internal';
import { toleratesClosedPipes } from './closed-pipes.js';
import { exitCodes } from './exit-codes.js';
import { interruptionOf } from './interruption.js';

/** Runs the command line of this process, and ends the process with its code. */
export function start(run: (words: readonly string[], options: CallOptions) => Promise<number>): void {
  toleratesClosedPipes(process);

  // A program whose work is left lying ends with zero: without an outcome, it failed.
  let hasEnded = false;
  process.once('exit', () => {
    if (!hasEnded) process.exitCode = exitCodes.failed;
  });

  void run(process.argv.slice(2), { signal: interruptionOf(process) }).then((code) => {
    hasEnded = true;
    process.exitCode ??= code;
  });
}
