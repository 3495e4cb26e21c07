import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { withPort } from './fixed-lookup.node.js';
import type { TransportOptions } from './options.js';

/** Takes what a socket received; `false` asks it to read no further until it is resumed. */
export type Sink = (chunk: Uint8Array) => boolean;

/** Most that one read takes from a socket: with Node's own 64 KiB there are many more reads, calls and chunks of as many bytes. */
const pieceBytes = 1024 * 1024;
/** What is left of a piece must be worth a read. */
const leastBytes = 128 * 1024;

const feeds = new WeakMap<Duplex, Feed>();

/** The received bytes of one socket: given to the parser of `node:http`, which copies them, or from some point on to a sink. */
export class Feed {
  /** Whether chunks will come back: each has a piece to itself then. */
  reuses = false;
  socket: Socket | undefined;
  #sink: Sink | undefined;
  #piece = Buffer.allocUnsafeSlow(pieceBytes);
  #used = 0;
  readonly #spare: Buffer<ArrayBuffer>[] = [];
  /** Pieces that hold only one chunk. */
  readonly #whole = new WeakSet<ArrayBufferLike>();

  /** Hands the rest of what the socket receives to a sink, past the parser and never back: the connection ends with it. */
  divert(sink: Sink): void {
    this.#sink = sink;
  }

  /** Takes a chunk back whose bytes are no longer needed. */
  giveBack({ buffer }: Uint8Array): void {
    if (this.#whole.delete(buffer)) this.#spare.push(Buffer.from(buffer as ArrayBuffer));
  }

  /** Where the next read goes. */
  readonly buffer = (): Uint8Array => this.#piece.subarray(this.#used);

  readonly callback = (length: number, buffer: Uint8Array): boolean => {
    const chunk = buffer.subarray(0, length);
    if (this.#sink !== undefined) {
      this.#advance(length);
      return this.#sink(chunk);
    }
    // No request waits for an answer: what comes now would be taken for the answer to the next request.
    if (this.socket?.emit('data', chunk) !== true) this.socket?.destroy();
    return true;
  };

  #advance(length: number): void {
    if (this.reuses && this.#used === 0) this.#whole.add(this.#piece.buffer);
    this.#used += length;
    if (!this.reuses && pieceBytes - this.#used >= leastBytes) return;
    this.#piece = this.#spare.pop() ?? Buffer.allocUnsafeSlow(pieceBytes);
    this.#used = 0;
  }
}

/** The feed of a socket that one of our agents opened. */
export function feedOf(socket: Duplex): Feed | undefined {
  return feeds.get(socket);
}

type Connect = http.Agent['createConnection'];

/** Other runtimes have modules of these names whose sockets and parser do not work together in this way. */
const isNode = process.release.name === 'node' && !('deno' in process.versions) && !('bun' in process.versions);

/** Makes an agent's sockets read into buffers of ours, on Node itself. */
function fed<A extends http.Agent>(agent: A): A {
  if (!isNode) return agent;
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

/** Makes an agent pass the port to its look-up, on Node itself. */
function portAware<A extends http.Agent>(agent: A): A {
  if (!isNode) return agent;
  const connect = agent.createConnection.bind(agent) as Connect;
  const createConnection: Connect = (options, callback) => connect(withPort(options as object), callback);
  return Object.assign(agent, { createConnection });
}

/** The least size of bodies that go past the parser: there they are worth their own connection. */
export function pastParserFrom({ pastParserFrom: from = 8 * 1024 * 1024 }: TransportOptions): number {
  return from;
}

/** Makes agents; their sockets can go past the parser, and read much at a time for it, where the options want any body to. */
export function agentsOf(options: TransportOptions): {
  readonly plainAgent: (options: http.AgentOptions) => http.Agent;
  readonly secureAgent: (options: https.AgentOptions) => https.Agent;
} {
  const made = <A extends http.Agent>(agent: A): A =>
    portAware(pastParserFrom(options) === Number.POSITIVE_INFINITY ? agent : fed(agent));
  return {
    plainAgent: (options) => made(new http.Agent(options)),
    secureAgent: (options) => made(new https.Agent(options)),
  };
}
