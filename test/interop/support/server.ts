import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from './free-port.js';

/** A server program that runs. */
export interface RunningServer {
  /** `127.0.0.1:40001` */
  readonly host: string;
  stop(): Promise<void>;
}

/** Starts a server on a free loopback port, and waits until it takes connections. */
export async function startServer(
  program: string,
  args: (port: number) => readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<RunningServer> {
  const port = await freePort();
  const child = spawn(program, [...args(port)], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed = (printed + text).slice(-4000);
    });
  }
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.once('error', (error) => {
    printed += error.message;
  });
  // Two minutes: a program in Python reads a thousand files before it listens, and the machine may have much else to do.
  for (let attempt = 0; attempt < 4800; attempt++) {
    if (await answers(port)) return { host: `127.0.0.1:${port}`, stop: () => stop(child, ended) };
    if (child.exitCode !== null) break;
    await wait(25);
  }
  await stop(child, ended);
  throw new Error(`${program} does not answer: ${printed}`);
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  // SIGKILL: a server that drains its connections would keep the tests waiting.
  child.kill('SIGKILL');
  await ended;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
