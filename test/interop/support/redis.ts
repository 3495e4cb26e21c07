import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { peer } from '../../../scripts/peers.mjs';
import { freePort } from './free-port.js';

/** A Redis that runs, keeps everything in memory and asks for a password. */
export interface RunningRedis {
  /** `redis://:password@127.0.0.1:40001` */
  readonly url: string;
  readonly password: string;
  readonly pid: number;
  /** Ends it in order; again is well. */
  stop(): Promise<void>;
}

/** Starts Debian's `redis-server` on a loopback port, and waits until it says that it is ready. */
export async function startRedis(): Promise<RunningRedis> {
  const program = await peer('redis-server');
  const folder = await mkdtemp(join(tmpdir(), 'notarykit-redis-'));
  for (let attempt = 1; ; attempt++) {
    const outcome = await start(program, folder, await freePort());
    if (typeof outcome !== 'string') return outcome;
    // Another process may have taken the port in between: then with another one.
    if (attempt === 5 || !/in use/i.test(outcome)) {
      await rm(folder, { recursive: true, force: true });
      throw new Error(`redis-server does not start: ${outcome}`);
    }
  }
}

/** The server, or what it printed before it ended. */
async function start(program: string, folder: string, port: number): Promise<RunningRedis | string> {
  const password = randomBytes(16).toString('hex');
  const address = ['--bind', '127.0.0.1', '--port', String(port)];
  const memory = ['--save', '', '--appendonly', 'no', '--dir', folder];
  const child = spawn(program, [...address, ...memory, '--requirepass', password], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kill = (): boolean => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const printed = await untilReady(child);
  const { pid } = child;
  if (printed !== undefined || pid === undefined) {
    process.off('exit', kill);
    return printed ?? 'no process';
  }
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    process.off('exit', kill);
    await rm(folder, { recursive: true, force: true });
  };
  return { url: `redis://:${password}@127.0.0.1:${port}`, password, pid, stop };
}

/** Nothing when it is ready; all that it printed when it ended before that. */
function untilReady(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    let printed = '';
    child.once('error', (error) => resolve(error.message));
    child.once('close', () => resolve(printed));
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      printed = (printed + text).slice(-4000);
      if (printed.includes('Ready to accept connections')) resolve(undefined);
    });
  });
}
