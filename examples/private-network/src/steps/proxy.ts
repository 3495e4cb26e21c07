import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { join, listen, type Started } from './servers.js';

/** The only way from the build to anywhere: an HTTP proxy with an account, which leads to known places and nowhere else. */
export interface Proxy extends Started {
  /** With its account, as clients are configured. */
  readonly url: string;
  /** The place of each request, and whether the proxy let it through. */
  readonly asked: readonly { readonly place: string; readonly allowed: boolean }[];
}

/** Ports on this machine by the `host:port` that they have behind the proxy. */
type Routes = ReadonlyMap<string, number>;

const account = 'build:through the proxy';
const authorization = `Basic ${Buffer.from(account).toString('base64')}`;

/** Starts the proxy. */
export async function startProxy(routes: Routes): Promise<Proxy> {
  const asked: { place: string; allowed: boolean }[] = [];
  const portOf = (place: string, { headers }: IncomingMessage): number | undefined => {
    const port = headers['proxy-authorization'] === authorization ? routes.get(place) : undefined;
    asked.push({ place, allowed: port !== undefined });
    return port;
  };
  const server = createServer((incoming, outgoing) => {
    const { host } = new URL(incoming.url ?? '');
    forward(incoming, outgoing, portOf(`${host}:80`, incoming));
  });
  server.on('connect', (incoming, socket) => tunnel(socket, portOf(incoming.url ?? '', incoming)));
  const started = await listen(server);
  return { ...started, asked, url: `http://${account.replaceAll(' ', '%20')}@127.0.0.1:${started.port}` };
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse, port: number | undefined): void {
  if (port === undefined) return void outgoing.writeHead(403).end();
  const { pathname, search } = new URL(incoming.url ?? '');
  const { 'proxy-authorization': _, ...headers } = incoming.headers;
  const onward = request({ port, path: pathname + search, method: incoming.method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  incoming.pipe(onward);
}

function tunnel(socket: Duplex, port: number | undefined): void {
  if (port === undefined) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  const onward = connect(port, '127.0.0.1', () => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    join(socket, onward);
  });
  onward.on('error', () => socket.destroy());
}
