import { createEmbeddedRegistry } from '../registry/embedded-registry.js';
import { type RegistryCommand, readArguments, usage } from './arguments.js';

/** The part of a process that the command uses. */
export interface CommandProcess {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  once(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  off(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
}

/** Runs `notarykit-registry` until SIGINT or SIGTERM; the result is the exit code. */
export async function runRegistry(args: readonly string[], host: CommandProcess): Promise<number> {
  let command: RegistryCommand;
  try {
    command = readArguments(args);
  } catch (error) {
    host.stderr.write(`${(error as Error).message}\n\n${usage}`);
    return 2;
  }
  if (command.help) {
    host.stdout.write(usage);
    return 0;
  }
  return serve(command, host);
}

async function serve(command: RegistryCommand, host: CommandProcess): Promise<number> {
  const registry = createEmbeddedRegistry({ ...command.registry, remember: false });
  // Before the address is printed: its reader may send the signal at once.
  const stop = stopSignal(host);
  try {
    const { url } = await registry.listen(command.listen);
    const content = command.registry.directory ?? 'memory';
    host.stdout.write(`notarykit-registry: ${url} (content in ${content}; Ctrl+C stops it)\n`);
  } catch (error) {
    host.stderr.write(`notarykit-registry: ${(error as Error).message}\n`);
    return 1;
  }
  await stop;
  await registry.close({ graceMs: 5000 });
  host.stdout.write('notarykit-registry: stopped\n');
  return 0;
}

function stopSignal(host: CommandProcess): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      host.off('SIGINT', stop);
      host.off('SIGTERM', stop);
      resolve();
    };
    host.once('SIGINT', stop);
    host.once('SIGTERM', stop);
  });
}
