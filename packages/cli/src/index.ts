export { runCommandLine } from './run-command-line.js';
export { exitCodes } from './shell/exit-codes.js';
