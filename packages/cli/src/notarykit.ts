import { toleratesClosedPipes } from './shell/closed-pipes.js';
import { interruptionOf } from './shell/interruption.js';
import { runCommandLine } from './shell/run.js';

toleratesClosedPipes(process);

void runCommandLine(process.argv.slice(2), { signal: interruptionOf(process) }).then((code) => {
  process.exitCode ??= code;
});
