import { toleratesClosedPipes } from './shell/closed-pipes.js';
import { exitCodes } from './shell/exit-codes.js';
import { interruptionOf } from './shell/interruption.js';
import { runCommandLine } from './shell/run.js';

toleratesClosedPipes(process);

// A program whose work is left lying ends with zero: without an outcome, it failed.
let hasEnded = false;
process.once('exit', () => {
  if (!hasEnded) process.exitCode = exitCodes.failed;
});

void runCommandLine(process.argv.slice(2), { signal: interruptionOf(process) }).then((code) => {
  hasEnded = true;
  process.exitCode ??= code;
});
