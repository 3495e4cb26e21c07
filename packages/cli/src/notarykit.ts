import { toleratesClosedPipes } from './shell/closed-pipes.js';
import { runCommandLine } from './shell/run.js';

toleratesClosedPipes(process);

void runCommandLine(process.argv.slice(2)).then((code) => {
  process.exitCode ??= code;
});
