// The clients of a server under measurement: plain sockets, so that they cost little, in a process of their own.
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

const middle = (all: readonly number[]): number => [...all].sort((a, b) => a - b)[all.length >> 1] ?? 0;

/**
 * Asks the server at a port over many connections, until it is warm, then for {@link answers} answers; and then one after the
 * other over one connection, for the middle time.
 */
export async function load(
  port: number,
  path: string,
  body: string,
  tell: { readonly warm: () => Promise<void>; readonly done: () => Promise<void> },
): Promise<number> {
  const head = `POST ${path} HTTP/1.1\r\nhost: gate\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`;
  const connections = await Promise.all(Array.from({ length: 16 }, () => open(port, Buffer.from(head + body))));
  const run = async (count: number): Promise<void> => {
    let left = count;
    await Promise.all(
      connections.map(async ({ ask }) => {
        while (left-- > 0) await ask();
      }),
    );
  };
  await run(answers);
  await tell.warm();
  await run(answers);
  await tell.done();
  const times: number[] = [];
  for (let i = 0; i < 1_000; i++) {
    const start = performance.now();
    await connections[0]?.ask();
    times.push(performance.now() - start);
  }
  for (const { socket } of connections) socket.destroy();
  return middle(times);
}
