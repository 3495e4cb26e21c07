import type { ClientRequest, IncomingMessage } from 'node:http';
import {
  type Bytes,
  type ChunkReader,
  concatBytes,
  type FetchResponse,
  LimitError,
  readBytes,
  streamFrom,
} from '@notarykit/common/internal';
import { Body, cut, goesPastParser } from './body.node.js';

/**
 * An answer. Its body is made a stream only when it is asked for, for inside the client it is read whole or by chunks. A class, since an
 * object literal with an accessor gets its own shape each time, which the collector then keeps.
 */
export class NodeResponse implements FetchResponse {
  readonly status: number;
  readonly url: string;
  readonly #request: ClientRequest;
  readonly #response: IncomingMessage;
  readonly #pastParserFrom: number;
  #reader: ChunkReader | undefined;
  #stream: ReadableStream<Uint8Array> | undefined;

  constructor(url: string, request: ClientRequest, response: IncomingMessage, pastParserFrom: number) {
    this.url = url;
    this.status = response.statusCode ?? 0;
    this.#request = request;
    this.#response = response;
    this.#pastParserFrom = pastParserFrom;
    if (goesPastParser(request, response, pastParserFrom)) this.#reader = new Body(request, response, pastParserFrom);
  }

  get headers(): FetchResponse['headers'] {
    return this;
  }

  get(name: string): string | null {
    const { headers } = this.#response;
    const value = headers[name] ?? headers[name.toLowerCase()];
    return value === undefined ? null : Array.isArray(value) ? value.join(', ') : value;
  }

  get body(): ReadableStream<Uint8Array> {
    this.#reader ??= new Body(this.#request, this.#response, this.#pastParserFrom);
    this.#stream ??= streamFrom(this.#reader);
    return this.#stream;
  }

  /** The whole body without a stream. */
  readAll(limit: number): Promise<Bytes> {
    if (this.#reader !== undefined) return readBytes(this.body, { limit });
    return readAll(this.#request, this.#response, limit);
  }
}

function readAll(request: ClientRequest, response: IncomingMessage, limit: number): Promise<Bytes> {
  return new Promise((resolve, reject) => {
    const parts: Uint8Array[] = [];
    let length = 0;
    response.on('data', (chunk: Uint8Array) => {
      length += chunk.length;
      parts.push(chunk);
      if (length <= limit) return;
      reject(new LimitError('ERR_LIMIT_EXCEEDED', `expected at most ${limit} bytes, found more`));
      request.destroy();
    });
    response.on('end', () => resolve(wholeOf(parts)));
    response.on('error', reject);
    response.on('close', () => {
      // An error with its stack costs as much as the rest of a small answer: none is made for one that ended.
      if (!response.readableEnded) reject(cut());
    });
    // It may be over before anybody listens: an answer and its end come in one piece.
    if (response.destroyed) reject(response.errored ?? cut());
  });
}

/** The parts as one; the only part of a small answer as it is, for the parser gave it memory of its own. */
function wholeOf(parts: readonly Uint8Array[]): Bytes {
  const [only] = parts;
  const isAlone = parts.length === 1 && only !== undefined && only.length === only.buffer.byteLength;
  return isAlone ? new Uint8Array(only.buffer as ArrayBuffer) : concatBytes(parts);
}
