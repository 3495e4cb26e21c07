import { type ChildProcess, spawn } from 'node:child_process';

/** A process of the soak, and what it said. */
export interface Worker {
  readonly child: ChildProcess;
  readonly lines: string[];
  readonly ended: Promise<void>;
  /** The first line that begins so. */
  line(begin: string): Promise<string>;
}

/** Starts a program; `before` is put in front of its command line, as `prlimit` is. */
export function start(program: string, args: readonly string[], before: readonly string[] = []): Worker {
  const [command = '', ...rest] = [...before, process.execPath, program, ...args];
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  let text = '';
  child.stdout.on('data', (data) => {
    const parts = (text + String(data)).split('\n');
    text = parts.pop() ?? '';
    lines.push(...parts);
    for (const check of waiting) check();
  });
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  const line = (begin: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        const found = lines.find((one) => one.startsWith(begin));
        if (found !== undefined) resolve(found);
      };
      waiting.add(check);
      check();
      void ended.then(() => reject(new Error(`ended without "${begin}": ${lines.join('; ')}`)));
    });
  return { child, lines, ended, line };
}

const minute = 60_000;

/** What work gives, or nothing when it does not end within a minute. */
export async function withinMinute<T>(work: Promise<T>): Promise<{ readonly value: T } | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((done) => {
    timer = setTimeout(() => done(undefined), minute);
  });
  return await Promise.race([work.then((value) => ({ value })), late]).finally(() => clearTimeout(timer));
}

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
