// The program with every command.
import { runCommandLine } from './run-command-line.js';
import { start } from './shell/start.js';

start(runCommandLine);
