import { runRegistry } from './cli/run-registry.js';

void runRegistry(process.argv.slice(2), process).then((code) => {
  process.exitCode = code;
});
