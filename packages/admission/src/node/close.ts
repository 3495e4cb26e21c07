import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from 'node:https';
import type { Socket } from 'node:net';

/** Ends a server in order. */
export type CloseServer = (graceMs: number) => Promise<void>;

/** An address is one connection's alone, before TLS and within. */
const keyOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;

/**
 * Watches a server's connections from the beginning. Closing then ends at once all on which no request is under way, which
 * Node's own `closeIdleConnections` does not do for those that never had one or are not through TLS yet; the others end with
 * their answer, or after the grace.
 */
export function trackConnections(server: Server): CloseServer {
  const sockets = new Map<string, Socket>();
  const underWay = new Map<string, number>();
  let closing = false;
  server.on('connection', (socket: Socket) => {
    const key = keyOf(socket);
    sockets.set(key, socket);
    socket.once('close', () => sockets.delete(key));
  });
  server.on('request', ({ socket }: IncomingMessage, outgoing: ServerResponse) => {
    const key = keyOf(socket);
    underWay.set(key, (underWay.get(key) ?? 0) + 1);
    outgoing.once('close', () => {
      const left = (underWay.get(key) ?? 1) - 1;
      if (left > 0) underWay.set(key, left);
      else underWay.delete(key);
      if (closing && left === 0) socket.destroySoon();
    });
  });
  return async (graceMs) => {
    closing = true;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const [key, socket] of sockets) if (!underWay.has(key)) socket.destroy();
    const end = setTimeout(() => {
      for (const socket of sockets.values()) socket.destroy();
    }, graceMs);
    await closed;
    clearTimeout(end);
  };
}
