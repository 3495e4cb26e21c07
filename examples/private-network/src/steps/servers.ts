import { createServer as createPlainServer } from 'node:http';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';

/** A server of the network, somewhere on this machine. */
export interface Started {
  readonly port: number;
  close(): Promise<void>;
}

/** TLS before a server that speaks plain http. */
export function startTls(identity: { readonly key: string; readonly cert: string }, port: number): Promise<Started> {
  const server = createTlsServer(identity, (socket) => join(socket, connect(port, '127.0.0.1')));
  return listen(server);
}

/** What one side sends goes to the other, until one of them ends. */
export function join(one: Duplex, other: Duplex): void {
  one.pipe(other).pipe(one);
  for (const [failed, left] of [
    [one, other],
    [other, one],
  ] as const)
    failed.on('error', () => left.destroy());
}

/** URLs of OCSP responders are http; this one leads to https. */
export function startRedirect(host: string): Promise<Started> {
  return listen(
    createPlainServer((incoming, outgoing) => {
      outgoing.writeHead(308, { location: `https://${host}${incoming.url ?? ''}` }).end();
    }),
  );
}

/** Listens on loopback; closing ends the connections too. */
export async function listen(server: Server): Promise<Started> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
