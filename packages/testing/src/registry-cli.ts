import { runRegistry } from './cli/run-registry.js';

// Whoever read the address may have closed the pipe: nobody reads what follows, and that is not a reason to end.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

void runRegistry(process.argv.slice(2), process).then((code) => {
  process.exitCode = code;
});
