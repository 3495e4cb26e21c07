import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Times of closing, milliseconds. */
export interface ClosingTimes {
  /** How long requests under way may take. */
  readonly graceMs: number;
  /** How long a connection that was used within that time may still send its next request. Default 1,000, at most `graceMs`. */
  readonly lingerMs?: number;
}

/** Ends a server in order. */
export type CloseServer = (times: ClosingTimes) => Promise<void>;

interface Connection {
  readonly socket: Socket;
  readonly answers: Set<ServerResponse>;
  /** When it was opened, or its last answer ended. */
  usedAt: number;
}

/** An address belongs to only one connection, before TLS and within. */
const keyOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;

/**
 * Watches a server's connections from the beginning. From the moment that closing begins each answer says `Connection: close`, so that
 * no client sends its next request into a closed connection. One that was used just now may have a request on its way and is waited
 * for; the other idle ones end at once, which Node's own `closeIdleConnections` does not do for those that never had a request or are
 * not through TLS yet. What is under way ends with its answer, or after the grace.
 */
export function closingServer(server: Server): CloseServer {
  const connections = new Map<string, Connection>();
  let closing = false;
  server.on('connection', (socket: Socket) => {
    const key = keyOf(socket);
    connections.set(key, { socket, answers: new Set(), usedAt: performance.now() });
    socket.once('close', () => connections.delete(key));
  });
  server.on('request', ({ socket }: IncomingMessage, outgoing: ServerResponse) => {
    const connection = connections.get(keyOf(socket));
    if (closing) outgoing.shouldKeepAlive = false;
    connection?.answers.add(outgoing);
    outgoing.once('close', () => {
      connection?.answers.delete(outgoing);
      if (connection !== undefined) connection.usedAt = performance.now();
      // An answer that promised to keep the connection went out before: its client may hold on to it for a moment.
      if (closing && !outgoing.shouldKeepAlive && connection?.answers.size === 0) socket.destroySoon();
    });
  });
  return async ({ graceMs, lingerMs = 1000 }) => {
    closing = true;
    // Node would end connections here on which a request may be on its way.
    server.closeIdleConnections = () => undefined;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const { answers } of connections.values())
      for (const answer of answers) if (!answer.headersSent) answer.shouldKeepAlive = false;
    const linger = Math.min(lingerMs, graceMs);
    const endIdle = (unusedMs: number): void => {
      for (const { socket, answers, usedAt } of connections.values())
        if (answers.size === 0 && performance.now() - usedAt >= unusedMs) socket.destroy();
    };
    const endAll = (): void => {
      for (const { socket } of connections.values()) socket.destroy();
    };
    endIdle(linger);
    const timers = [setTimeout(endIdle, linger, 0), setTimeout(endAll, graceMs)];
    await closed;
    for (const timer of timers) clearTimeout(timer);
  };
}
