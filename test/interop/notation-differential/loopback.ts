import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What is answered at a place. */
export type Reply =
  | { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: Uint8Array }
  | 'stall'
  | 'cut';

/** A server on loopback, with a reply for each place: the first two parts of a path. */
export interface Loopback {
  readonly url: string;
  put(place: string, reply: Reply): void;
  close(): Promise<void>;
}

/** Serves the same to whoever asks. */
export async function serveLoopback(): Promise<Loopback> {
  const replies = new Map<string, Reply>();
  const server = createServer((request, response) => {
    const [, first = '', second = ''] = (request.url ?? '').split('/');
    request.resume();
    answer(replies.get(`${first}/${second}`), request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    put: (place, reply) => void replies.set(place, reply),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(reply: Reply | undefined, request: IncomingMessage, response: ServerResponse): void {
  if (reply === 'stall') return;
  if (reply === 'cut') return void request.socket.destroy();
  const { status = reply === undefined ? 404 : 200, headers = {}, body = new Uint8Array() } = reply ?? {};
  response.writeHead(status, headers).end(body);
}
