import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'notarykit-peers');

/** A program of the peers' cache, `undefined` when it is not there. */
export function peerProgram(name: string): string | undefined {
  if (!existsSync(cache)) return undefined;
  const folder = readdirSync(cache).find((entry) => entry.startsWith(`${name}@`));
  const path = folder === undefined ? '' : join(cache, folder, name);
  return existsSync(path) ? path : undefined;
}

/** A registry in its own process. */
export interface BenchRegistry {
  readonly name: string;
  readonly host: string;
  stop(): void;
}

/** olareg where it is installed, else the embedded registry; the same one for every side of a ratio. */
export async function startRegistry(): Promise<BenchRegistry> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'bench-registry-'));
  const program = peerProgram('olareg');
  const olareg = [
    'serve',
    '--addr',
    '127.0.0.1',
    '--port',
    String(port),
    '--dir',
    folder,
    '--api-blob-delete',
    '--api-delete',
  ];
  const child =
    program === undefined
      ? spawn(process.execPath, [process.argv[1] as string, 'serve', String(port)], { stdio: 'ignore' })
      : spawn(program, olareg, { stdio: 'ignore' });
  await answering(port, child);
  return {
    name: program === undefined ? 'the embedded registry' : 'olareg',
    host: `127.0.0.1:${port}`,
    stop() {
      child.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A free port. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

async function answering(port: number, child: ChildProcess): Promise<void> {
  for (let i = 0; i < 200 && child.exitCode === null; i++) {
    const up = await fetch(`http://127.0.0.1:${port}/v2/`)
      .then((response) => response.ok)
      .catch(() => false);
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the registry of the benchmark did not start');
}

/** Runs a program to its end; its wall time in seconds. */
export function timeProgram(program: string, args: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr.slice(0, 500)}`);
  return (performance.now() - start) / 1000;
}
