// The clients of a server under measurement: plain sockets, so that they cost little, in their own process.
import { connect, type Socket } from 'node:net';

/** Answers that a server is measured by, once it is warm. */
export const answers = 6_000;

interface Connection {
  readonly socket: Socket;
  /** Sends one request, and waits for its answer; any status but 200 is a failure of the measurement. */
  ask(): Promise<void>;
}

const blank = Buffer.from('\r\n\r\n');

async function open(port: number, request: Buffer): Promise<Connection> {
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  let resolve: () => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  let missing = 0;
  socket.on('error', (error) => reject(error));
  socket.on('data', (chunk) => {
    if (missing === 0) {
      const end = chunk.indexOf(blank);
      const head = chunk.toString('latin1', 0, end);
      const length = /content-length: (\d+)/i.exec(head)?.[1];
      if (!head.startsWith('HTTP/1.1 200 ') || length === undefined) return reject(new Error(head));
      missing = Number(length) + end + blank.length;
    }
    missing -= chunk.length;
    if (missing === 0) resolve();
  });
  return {
    socket,
    ask: () =>
      new Promise<void>((done, fail) => {
        [resolve, reject] = [done, fail];
        socket.write(request);
      }),
  };
}

const sorted = (all: readonly number[]): number[] => [...all].sort((a, b) => a - b);
const middle = (all: readonly number[]): number => sorted(all)[all.length >> 1] ?? 0;

/** What the clients saw. */
export interface Seen {
  /** The middle time of an answer when nothing else is asked. */
  readonly p50Ms: number;
  /** The requests of a second that were sent, as many as half of what the server can answer unless told. */
  readonly rate: number;
  /** The time that 99 of 100 answers stay below at that rate, from the moment the request was due. */
  readonly p99Ms: number;
}

/** Seconds that requests are sent at a steady rate. */
const steadySeconds = 2;

/**
 * Asks the server at a port over many connections, until it is warm, then for {@link answers} answers; then one after the other over one
 * connection, for the middle time; and at last at a steady rate.
 */
export async function load(
  port: number,
  path: string,
  body: string,
  tell: { readonly warm: () => Promise<void>; readonly done: () => Promise<void> },
  rate?: number,
): Promise<Seen> {
  const head = `POST ${path} HTTP/1.1\r\nhost: gate\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`;
  const connections = await Promise.all(Array.from({ length: 16 }, () => open(port, Buffer.from(head + body))));
  await askAll(connections, answers);
  await tell.warm();
  const start = performance.now();
  await askAll(connections, answers);
  const perSecond = (answers / (performance.now() - start)) * 1000;
  await tell.done();
  const p50Ms = await alone(connections[0] as Connection);
  const half = rate ?? perSecond / 2;
  const p99Ms = await steadily(connections, half);
  for (const { socket } of connections) socket.destroy();
  return { p50Ms, rate: half, p99Ms };
}

async function askAll(connections: readonly Connection[], count: number): Promise<void> {
  let left = count;
  await Promise.all(
    connections.map(async ({ ask }) => {
      while (left-- > 0) await ask();
    }),
  );
}

async function alone({ ask }: Connection): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 1_000; i++) {
    const start = performance.now();
    await ask();
    times.push(performance.now() - start);
  }
  return middle(times);
}

/** Requests are due at their times whether or not those before were answered: what waits for a connection waits at its own cost. */
async function steadily(connections: readonly Connection[], rate: number): Promise<number> {
  const times: number[] = [];
  const count = Math.floor(rate * steadySeconds);
  const start = performance.now();
  const due = (i: number): number => start + (i * 1000) / rate;
  let next = 0;
  await Promise.all(
    connections.map(async ({ ask }) => {
      while (next < count) {
        const wait = due(next) - performance.now();
        if (wait > 0) {
          // A timer may be a millisecond late: only the last of the wait is spent looking at the clock.
          await new Promise((resolve) => (wait > 2 ? setTimeout(resolve, wait - 2) : setImmediate(resolve)));
          continue;
        }
        const at = due(next++);
        await ask();
        times.push(performance.now() - at);
      }
    }),
  );
  return sorted(times)[Math.floor(times.length * 0.99)] ?? 0;
}
