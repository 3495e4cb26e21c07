import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** What a proxy of a test does. */
export interface ProxyScript {
  /** Ports of this machine by the `host:port` that they have behind the proxy. */
  readonly routes?: Readonly<Record<string, number>>;
  /** Answers a plain request in place of the server. */
  readonly answer?: (incoming: IncomingMessage, outgoing: ServerResponse) => void;
  /** Answers CONNECT in place of the server. */
  readonly connect?: (incoming: IncomingMessage, socket: Duplex) => void;
}

/** An HTTP proxy on loopback, the account `build:the-word` in its URL, and what it was asked for. */
export interface ScriptedProxy {
  readonly url: string;
  readonly port: number;
  readonly asked: string[];
  close(): Promise<void>;
}

/** The password in the URL of each scripted proxy. */
export const proxyPassword = 'the-word-of-the-proxy';

/** Starts a proxy that does as its script says. */
export async function startScriptedProxy({ routes = {}, ...script }: ProxyScript = {}): Promise<ScriptedProxy> {
  const asked: string[] = [];
  const sockets = new Set<Duplex>();
  const server = createServer((incoming, outgoing) => {
    const { url = '', method = '' } = incoming;
    asked.push(`${method} ${url}`);
    if (script.answer !== undefined) script.answer(incoming, outgoing);
    else forward(incoming, outgoing, routes);
  });
  server.on('connection', (socket) => sockets.add(socket));
  server.on('connect', (incoming, socket) => {
    asked.push(`CONNECT ${incoming.url ?? ''}`);
    socket.on('error', () => socket.destroy());
    if (script.connect !== undefined) script.connect(incoming, socket);
    else sockets.add(tunnel(socket, routes[incoming.url ?? '']));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return { url: `http://build:${proxyPassword}@127.0.0.1:${port}`, port, asked, close };
}

/** Asks the server that a route names, and hands its answer over. */
export function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  routes: Readonly<Record<string, number>>,
): void {
  const { host, port, pathname, search } = new URL(incoming.url ?? '');
  const target = routes[port === '' ? `${host}:80` : host];
  if (target === undefined) return void outgoing.writeHead(502).end();
  const { 'proxy-authorization': _, ...headers } = incoming.headers;
  const onward = { host: '127.0.0.1', port: target, path: pathname + search, method: incoming.method, headers };
  const asked = request(onward, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  asked.on('error', () => outgoing.destroy());
  incoming.pipe(asked);
}

function tunnel(socket: Duplex, port: number | undefined): Duplex {
  if (port === undefined) return socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  const onward: Socket = connect(port, '127.0.0.1', () => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    onward.pipe(socket).pipe(onward);
  });
  onward.on('error', () => socket.destroy());
  socket.on('close', () => onward.destroy());
  return onward;
}
