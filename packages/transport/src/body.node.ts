import type { ClientRequest, IncomingMessage } from 'node:http';
import type { ChunkReader } from '@notarykit/common/internal';
import { type Feed, feedOf } from './sockets.node.js';

/** How much is buffered ahead of a slow reader. */
const bufferedBytes = 512 * 1024;

/** What is said of an answer that ends too early. */
export const cut = (): Error =>
  Object.assign(new Error('the connection closed before the end of the answer'), { code: 'ECONNRESET' });

/** The body of an answer, chunk by chunk, with back-pressure. One that is cut short ends in an error. */
export class Body implements ChunkReader {
  readonly #request: ClientRequest;
  readonly #response: IncomingMessage;
  readonly #feed: Feed | undefined;
  /** Bytes still to come, where they come past the parser, which only has those of the read that brought the headers. */
  #left = Number.POSITIVE_INFINITY;
  readonly #queue: Uint8Array[] = [];
  #queued = 0;
  #reusable: Uint8Array | undefined;
  #ended = false;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  /** To be made at once, when the headers are there. */
  constructor(request: ClientRequest, response: IncomingMessage, pastParserFrom: number) {
    this.#request = request;
    this.#response = response;
    this.#feed = goesPastParser(request, response, pastParserFrom) ? feedOf(response.socket) : undefined;
    if (this.#feed !== undefined) this.#left = Number(response.headers['content-length']);
    this.#feed?.divert((chunk) => this.#push(chunk));
    response.on('data', (chunk: Uint8Array) => {
      if (!this.#push(chunk) && this.#feed === undefined) response.pause();
    });
    response.on('end', () => this.#end());
    response.on('error', (error) => this.#end(error));
    response.on('close', () => {
      if (!this.#ended) this.#end(cut());
    });
    // It may be over before anybody listens: an answer and its end come in one piece.
    if (response.destroyed) this.#end(response.errored ?? cut());
  }

  async read(reuse = false): Promise<Uint8Array | undefined> {
    this.#takeBack(reuse);
    while (this.#queue.length === 0) {
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#ended) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        (this.#feed === undefined ? this.#response : this.#response.socket).resume();
      });
    }
    const chunk = this.#queue.shift() as Uint8Array;
    this.#queued -= chunk.length;
    if (reuse) this.#reusable = chunk;
    return chunk;
  }

  async cancel(): Promise<void> {
    this.#end();
    this.#request.destroy();
  }

  #takeBack(reuse: boolean): void {
    if (this.#feed === undefined) return;
    if (this.#reusable !== undefined) this.#feed.giveBack(this.#reusable);
    this.#reusable = undefined;
    this.#feed.reuses = reuse;
  }

  #push(received: Uint8Array): boolean {
    if (this.#ended) return true;
    const chunk = received.subarray(0, this.#left);
    this.#left -= chunk.length;
    this.#queue.push(chunk);
    this.#queued += chunk.length;
    this.#wake?.();
    if (this.#left === 0) {
      this.#end();
      this.#request.destroy();
    }
    return this.#queued < bufferedBytes;
  }

  #end(failure?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = failure;
    this.#wake?.();
  }
}

/** Whether a body is worth its own connection, and comes as it is, with nothing around it. */
export function goesPastParser(
  { method }: ClientRequest,
  { statusCode, headers }: IncomingMessage,
  from: number,
): boolean {
  const plain = method === 'GET' && (statusCode === 200 || statusCode === 206) && !('transfer-encoding' in headers);
  return plain && Number(headers['content-length'] ?? 0) >= Math.max(1, from);
}
