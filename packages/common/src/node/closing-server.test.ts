import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { closingServer } from './closing-server.js';

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

/** A server that answers when it is told to, and clients by hand. */
async function lab() {
  const waiting: (() => void)[] = [];
  const server = createServer((_, outgoing) => void waiting.push(() => outgoing.end('answer')));
  const close = closingServer(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const client = () => {
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    let text = '';
    socket.on('data', (data) => {
      text += data;
    });
    const ended = new Promise<void>((done) => socket.once('close', () => done()));
    socket.on('error', () => undefined);
    return { ask: () => socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'), text: () => text, ended };
  };
  const answer = async (): Promise<void> => {
    await expect.poll(() => waiting.length, { timeout: 30_000 }).toBeGreaterThan(0);
    for (const end of waiting.splice(0)) end();
  };
  return { close, client, answer };
}

const long = 10 * 60_000;

describe('a server that closes', () => {
  it('D10 announces it in the responses to running requests', async () => {
    const { close, client, answer } = await lab();
    const one = client();
    one.ask();
    await answer();
    await expect.poll(one.text, { timeout: 30_000 }).toContain('Connection: keep-alive');
    one.ask();
    const under = answer();
    const closed = close({ graceMs: long, lingerMs: long });
    await under;
    await one.ended;
    await closed;
    expect(one.text()).toContain('Connection: close');
  });

  it('D10 answers a request that is already on its way, and announces the close', async () => {
    const { close, client, answer } = await lab();
    const one = client();
    one.ask();
    await answer();
    await expect.poll(one.text, { timeout: 30_000 }).toContain('answer');
    const closed = close({ graceMs: long, lingerMs: long });
    one.ask();
    await answer();
    await one.ended;
    await closed;
    expect(one.text().match(/answer/g)).toHaveLength(2);
    expect(one.text()).toContain('Connection: close');
  });

  it('ends idle connections at once where nothing is waited for, and what is left after the grace', async () => {
    const { close, client } = await lab();
    const [idle, held] = [client(), client()];
    held.ask();
    idle.ask();
    await close({ graceMs: 20, lingerMs: 0 });
    await Promise.all([idle.ended, held.ended]);
  });
});
