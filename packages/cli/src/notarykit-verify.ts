// The program with the one command that runs before every deployment: Node reads a third of the code. `bin/notarykit.js` picks it.
import { verifyCommand } from './commands/verify.js';
import { runWith } from './shell/run.js';
import { start } from './shell/start.js';

start((words, options) => runWith({ commands: [verifyCommand], groups: {}, groupAliases: {} }, words, options));
