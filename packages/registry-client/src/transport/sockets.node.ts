import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Takes what a socket received; `false` asks it to read no further until it is resumed. */
export type Sink = (chunk: Uint8Array) => boolean;

/** Most that one read takes from a socket: Node's own 64 KiB make four times as many reads, copies and calls of as many bytes. */
const pieceBytes = 1024 * 1024;
/** What is left of a piece must be worth a read. */
const leastBytes = 128 * 1024;

const feeds = new WeakMap<Duplex, Feed>();

/** Bytes of one socket: to the parser of `node:http`, which copies them, or from some point on to a sink, which keeps them. */
class Feed {
  sink: Sink | undefined;
  socket: Socket | undefined;
  #piece = Buffer.allocUnsafeSlow(pieceBytes);
  #used = 0;

  /** Where the next read goes. */
  readonly buffer = (): Uint8Array => this.#piece.subarray(this.#used);

  readonly callback = (length: number, buffer: Uint8Array): boolean => {
    const chunk = buffer.subarray(0, length);
    if (this.sink !== undefined) return this.#handOver(chunk, this.sink);
    // Nobody waits for an answer: what comes now would be taken for the answer to the next request.
    if (this.socket?.emit('data', chunk) !== true) this.socket?.destroy();
    return true;
  };

  #handOver(chunk: Uint8Array, sink: Sink): boolean {
    this.#used += chunk.length;
    if (pieceBytes - this.#used < leastBytes) {
      this.#piece = Buffer.allocUnsafeSlow(pieceBytes);
      this.#used = 0;
    }
    return sink(chunk);
  }
}

/**
 * Hands the rest of what a socket receives to a sink, past the parser, and never back: the connection ends with it. Says whether the
 * socket is one of ours.
 */
export function takeOver(socket: Duplex, sink: Sink): boolean {
  const feed = feeds.get(socket);
  if (feed === undefined) return false;
  feed.sink = sink;
  return true;
}

type Connect = http.Agent['createConnection'];

/** Makes an agent's sockets read into buffers of ours. */
function fed<A extends http.Agent>(agent: A): A {
  const connect = agent.createConnection.bind(agent) as Connect;
  const createConnection: Connect = (options, callback) => {
    const feed = new Feed();
    const { buffer } = feed;
    const onread = { buffer, callback: feed.callback };
    const socket = connect({ ...options, onread } as typeof options, callback) as Socket;
    feed.socket = socket;
    feeds.set(socket, feed);
    return socket;
  };
  return Object.assign(agent, { createConnection });
}

/** An agent for http whose sockets read much at a time. */
export const plainAgent = (options: http.AgentOptions): http.Agent => fed(new http.Agent(options));

/** An agent for https whose sockets read much at a time. */
export const secureAgent = (options: https.AgentOptions): https.Agent => fed(new https.Agent(options));
