import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { type Fetch, readBytes, utf8 } from '@notarykit/common';
import { streamOf } from '@notarykit/common/internal';
import { createTransport } from '@notarykit/transport';
import { crossFetch } from '@notarykit/transport/cross-fetch';
import { fetch as portableFetch } from 'cross-fetch';
import { fetch as undiciFetch } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';

/** Everything that the SDK sends its requests with. */
const transports: readonly (readonly [name: string, fetch: Fetch, own: boolean])[] = [
  ['node:http', createTransport(), true],
  ["the platform's fetch", globalThis.fetch as unknown as Fetch, false],
  ['undici', undiciFetch as unknown as Fetch, false],
  ['cross-fetch', crossFetch(portableFetch), true],
];

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A server of one handler on loopback. */
async function serve(
  handler: (...exchange: Parameters<RequestListener>) => unknown,
): Promise<{ url: string; server: Server; sockets: () => Promise<number> }> {
  const server = createServer((request, response) => void handler(request, response));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const sockets = () => new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, sockets };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of request) parts.push(part as Uint8Array);
  return Buffer.concat(parts);
}

const whole = async (answer: Awaited<ReturnType<Fetch>>): Promise<Buffer> =>
  Buffer.from(answer.body === null ? [] : await readBytes(answer.body, { limit: 64 * 1024 * 1024 }));
const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe.each(transports)('the contract of a transport: %s', (_, fetch, own) => {
  const send: Fetch = (url, init) => fetch(url, { redirect: 'manual', ...init });
  /** As the platform wants it, and no other transport minds. */
  const stream = (body: ReadableStream<Uint8Array<ArrayBuffer>>, more: object = {}) =>
    ({ method: 'PUT', body, duplex: 'half', ...more }) as const;

  it('gives status, headers and body of an answer', async () => {
    const { url } = await serve(
      (_request, response) => void response.writeHead(203, { 'X-Name': 'value' }).end('text'),
    );
    const answer = await send(`${url}/a?b=c`);
    expect([answer.status, answer.headers.get('x-name'), answer.headers.get('none'), answer.url]).toEqual([
      203,
      'value',
      null,
      `${url}/a?b=c`,
    ]);
    expect((await whole(answer)).toString()).toBe('text');
  });

  it.each([204, 304])('gives an answer without a body: %i', async (status) => {
    const { url } = await serve((_request, response) => void response.writeHead(status).end());
    expect((await whole(await send(url))).length).toBe(0);
  });

  it('gives the headers of HEAD, and no body for the length that they announce', async () => {
    const { url } = await serve(
      (_request, response) => void response.writeHead(200, { 'Content-Length': '7023' }).end(),
    );
    const answer = await send(url, { method: 'HEAD' });
    expect(answer.headers.get('content-length')).toBe('7023');
    expect((await whole(answer)).length).toBe(0);
  });

  it('sends bytes as they are: a part of a larger buffer too', async () => {
    const { url } = await serve(async (request, response) => void response.end(await bodyOf(request)));
    const bytes = new Uint8Array([1, 2, 0, 255, 254, 9]);
    expect([...(await whole(await send(url, { method: 'PUT', body: bytes.subarray(1, 5) })))]).toEqual([
      2, 0, 255, 254,
    ]);
  });

  it('sends a stream chunk by chunk, with the length that the caller names', async () => {
    const seen: (string | undefined)[] = [];
    const { url } = await serve(async (request, response) => {
      seen.push(request.headers['content-length'], request.headers['transfer-encoding']);
      response.end(String((await bodyOf(request)).equals(content)));
    });
    const content = Buffer.alloc(3 * 1024 * 1024, 'abc');
    const headers = { 'content-length': String(content.length), 'content-type': 'application/octet-stream' };
    expect((await whole(await send(url, stream(streamOf(content), { headers })))).toString()).toBe('true');
    expect(seen).toEqual([String(content.length), undefined]);
  });

  it('reads a stream only as fast as the server accepts it', async () => {
    let pulled = 0;
    const { url } = await serve(() => undefined);
    const endless = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull(controller) {
        pulled++;
        controller.enqueue(new Uint8Array(64 * 1024));
        // Without a limit this would go on for ever, as fast as memory fills.
        if (pulled === 2000) controller.error(new Error('read without end'));
      },
    });
    const cancelled = new AbortController();
    const sent = errorOf(send(url, stream(endless, { signal: cancelled.signal })));
    let before = -1;
    while (before !== pulled) {
      before = pulled;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    cancelled.abort(new Error('enough'));
    await sent;
    expect(pulled).toBeLessThan(2000);
  });

  it('fails when the stream to send fails, and the server sees an incomplete body', async () => {
    let received: (error: unknown) => void = () => undefined;
    const end = new Promise((resolve) => {
      received = resolve;
    });
    let arrived: () => void = () => undefined;
    const started = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const { url } = await serve((request) => {
      request.once('data', arrived);
      void errorOf(bodyOf(request)).then(received);
    });
    let first = true;
    const broken = new ReadableStream<Uint8Array<ArrayBuffer>>({
      async pull(controller) {
        if (!first) {
          await started;
          throw new Error('the source broke');
        }
        first = false;
        controller.enqueue(utf8('part'));
      },
    });
    const error = await errorOf(send(url, stream(broken)));
    expect(inspect(error)).toContain('the source broke');
    expect(await end).toBeInstanceOf(Error);
  });

  it('gives an answer that comes before all is sent', async () => {
    const { url } = await serve(
      (_request, response) => void response.writeHead(413, { Connection: 'close' }).end('too large'),
    );
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        pull: (controller) => controller.enqueue(new Uint8Array(1024)),
        cancel: () => {
          cancelled = true;
        },
      },
      { highWaterMark: 0 },
    );
    const answer = await errorOf(send(url, stream(endless)).then((found) => Promise.reject(found)));
    // The platform may find the connection closed first; ours give what the server said.
    if (own) expect((answer as { status: number }).status).toBe(413);
    if (own) await expect.poll(() => cancelled).toBe(true);
    expect(answer).toBeDefined();
  });

  it.each([
    ['Content-Length', (response: ServerResponse) => response.writeHead(200, { 'Content-Length': '100' })],
    ['chunks', (response: ServerResponse) => response.writeHead(200)],
  ])('ends an answer that is cut short in an error: %s', async (_name, head) => {
    const { url } = await serve((_request, response) => {
      head(response).write('part');
      setImmediate(() => response.destroy());
    });
    const error = await errorOf(send(url).then(whole));
    expect(error).toBeInstanceOf(Error);
  });

  it('fails when the connection ends without an answer', async () => {
    const { url } = await serve((request) => void request.socket.destroy());
    expect(await errorOf(send(url, { method: 'POST', body: utf8('x') }))).toBeInstanceOf(Error);
  });

  it('fails with a code when nothing listens, without the query in the message', async () => {
    const { url, server } = await serve(() => undefined);
    await new Promise((resolve) => server.close(resolve));
    const error = await errorOf(send(`${url}/a?sig=secret`));
    expect(inspect(error)).toContain('ECONNREFUSED');
    expect(inspect(error)).not.toContain('secret');
  });

  it('rejects with the reason of an abort: before the request, and while it waits', async () => {
    const reason = new Error('changed my mind');
    let arrived: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const { url } = await serve(() => arrived());
    expect(await errorOf(send(url, { signal: AbortSignal.abort(reason) }))).toBe(reason);
    const controller = new AbortController();
    const pending = errorOf(send(url, { signal: controller.signal }));
    await waiting;
    controller.abort(reason);
    expect(await pending).toBe(reason);
  });

  it('ends a body that is read when it is aborted', async () => {
    const { url } = await serve((_request, response) => void response.writeHead(200).write('part'));
    const controller = new AbortController();
    const answer = await send(url, { signal: controller.signal });
    const reader = answer.body!.getReader();
    await reader.read();
    const next = errorOf(reader.read());
    const reason = new Error('enough');
    controller.abort(reason);
    // The platform's and undici tell it in their own words.
    expect(await next).toBeInstanceOf(Error);
    if (own) expect(await next).toBe(reason);
  });

  it('closes the connection of a body that is not read', async () => {
    let closed: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const { url } = await serve((_request, response) => {
      response.on('close', closed);
      response.writeHead(200).write(Buffer.alloc(1024 * 1024));
    });
    await (await send(url)).body!.cancel();
    await ended;
  });

  it('follows no redirect, and says where it leads', async () => {
    const seen: (string | undefined)[] = [];
    const other = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.end();
    });
    const { url } = await serve(
      (_request, response) => void response.writeHead(307, { Location: `${other.url}/b` }).end(),
    );
    for (const redirect of own ? (['manual', 'follow'] as const) : (['manual'] as const)) {
      const answer = await send(url, { redirect, headers: { authorization: 'Bearer secret' } });
      expect([answer.status, answer.headers.get('location')]).toEqual([307, `${other.url}/b`]);
      await whole(answer);
    }
    expect(seen).toEqual([]);
  });

  it('keeps no cookie', async () => {
    const seen: (string | undefined)[] = [];
    const { url } = await serve((request, response) => {
      seen.push(request.headers.cookie);
      response.writeHead(200, { 'Set-Cookie': 'a=b' }).end();
    });
    await whole(await send(url));
    await whole(await send(url));
    expect(seen).toEqual([undefined, undefined]);
  });

  it('uses a connection again', async () => {
    const { url, sockets } = await serve((_request, response) => void response.end('x'));
    for (let i = 0; i < 5; i++) await whole(await send(url));
    expect(await sockets()).toBeLessThan(5);
  });

  // The platform's fetch and undici decode what a server encodes, and have no upgrade to refuse.
  if (own) {
    it('asks for no encoding and decodes none', async () => {
      const packed = gzipSync('text');
      const { url } = await serve((request, response) => {
        expect(request.headers['accept-encoding']).toBeUndefined();
        response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(packed);
      });
      expect(await whole(await send(url))).toEqual(packed);
    });

    it('refuses a change of protocol that it did not ask for', async () => {
      const { url, server } = await serve(() => undefined);
      server.removeAllListeners('request');
      server.on('request', (request: IncomingMessage) =>
        request.socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'),
      );
      expect(await errorOf(send(url))).toMatchObject({ code: 'ERR_UNASKED_UPGRADE' });
    });
  }
});
