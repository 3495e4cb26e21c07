#!/usr/bin/env node
import { commands } from './commands/index.js';
import { runCommandLine } from './shell/run.js';

process.exitCode = await runCommandLine(commands, process.argv.slice(2));
