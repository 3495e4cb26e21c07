import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** The only way from the build to anywhere: an HTTP proxy with an account, which leads to one host and nowhere else. */
export interface Proxy {
  /** With its account, as clients are told. */
  readonly url: string;
  /** Where somebody wanted to go, and whether the proxy led there. */
  readonly asked: readonly { readonly host: string; readonly allowed: boolean }[];
  close(): Promise<void>;
}

const account = 'build:through the proxy';

/**
 * Starts the proxy.
 *
 * @param routes - ports on this machine by the host that they stand for
 */
export async function startProxy(routes: ReadonlyMap<string, number>): Promise<Proxy> {
  const asked: { host: string; allowed: boolean }[] = [];
  const sockets = new Set<Socket>();
  const authorization = `Basic ${Buffer.from(account).toString('base64')}`;
  const server = createServer((incoming, outgoing) => {
    asked.push({ host: incoming.url ?? '', allowed: false });
    outgoing.writeHead(403).end();
  });
  server.on('connection', (socket) => sockets.add(socket));
  server.on('connect', (incoming, socket) => {
    const host = incoming.url ?? '';
    const port = incoming.headers['proxy-authorization'] === authorization ? routes.get(host) : undefined;
    asked.push({ host, allowed: port !== undefined });
    if (port === undefined) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    const onward = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    sockets.add(onward);
    for (const one of [onward, socket]) one.on('error', () => one.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${account.replaceAll(' ', '%20')}@127.0.0.1:${port}`,
    asked,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
