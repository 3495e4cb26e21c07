export { exitCodes } from './shell/exit-codes.js';
export { runCommandLine } from './shell/run.js';
