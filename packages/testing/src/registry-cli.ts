import { runRegistry } from './cli/run-registry.js';

// The reader of the address may have closed the pipe: what follows is not read, and that is not a reason to end.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

void runRegistry(process.argv.slice(2), process).then((code) => {
  process.exitCode = code;
});
