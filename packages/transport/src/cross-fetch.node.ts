import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { type Duplex, Readable } from 'node:stream';
import {
  type ChunkReader,
  chunkReaderOf,
  describeKind,
  type Fetch,
  type FetchInit,
  type FetchResponse,
  streamFrom,
} from '@notarykit/common/internal';
import { cut } from './body.node.js';
import { TransportError } from './errors.js';

/** `fetch` of the package `cross-fetch`, or of `node-fetch` 2, which it is on Node. */
export type CrossFetch = (
  url: string,
  init?: never,
) => Promise<{
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: unknown;
}>;

/** Options of {@link crossFetch}. */
export interface CrossFetchOptions {
  /**
   * An `http.Agent` or `https.Agent`, such as that of a proxy, or a function that gives the one for a URL. Default: agents with keep-alive.
   */
  readonly agent?: object | ((url: URL) => object | undefined);
}

/**
 * A transport over the package `cross-fetch`, for agents that no other transport takes. What it does by itself and no client expects is
 * repaired: a stream is sent as a stream, an answer that is cut short ends in an error, an abort keeps its reason, no redirect is
 * followed, nothing is decoded, and no error repeats the URL. For Node; in browsers `cross-fetch` is the platform's own fetch, which
 * `createTransport` uses.
 *
 * @throws {TransportError} `ERR_TRANSPORT_UNSUPPORTED` for an agent beside the platform's `fetch`, which would not use it; a request
 * rejects with it when its agent was not used
 *
 * @example
 * ```ts
 * import { fetch } from 'cross-fetch';
 * import { HttpsProxyAgent } from 'https-proxy-agent';
 *
 * const transport = crossFetch(fetch, { agent: new HttpsProxyAgent('http://proxy.wabbit.internal:3128') });
 * const registry = createRegistry({ registry: 'registry.wabbit-networks.io', fetch: transport });
 * ```
 */
export function crossFetch(fetch: CrossFetch, options: CrossFetchOptions = {}): Fetch {
  if (typeof fetch !== 'function') throw unsupported('expected the fetch of cross-fetch, found no function');
  if ((fetch as unknown) === globalThis.fetch)
    throw unsupported("expected the fetch of cross-fetch, found the platform's, which takes no agent: use it as it is");
  const agentFor = agents(options);
  return async (url, init = {}) => {
    init.signal?.throwIfAborted();
    return new Exchange(url, init, agentFor(new URL(url))).run(fetch);
  };
}

const unsupported = (message: string): TransportError =>
  new TransportError('ERR_TRANSPORT_UNSUPPORTED', `crossFetch: ${message}`);

function agents({ agent }: CrossFetchOptions): (url: URL) => object {
  const plain = new http.Agent({ keepAlive: true });
  const secure = new https.Agent({ keepAlive: true });
  return (url) => {
    const own: unknown = typeof agent === 'function' ? (agent as (url: URL) => unknown)(url) : agent;
    if (own === undefined || own === null) return url.protocol === 'https:' ? secure : plain;
    if (typeof own === 'object') return own;
    throw unsupported(`expected agent to be an agent or a function that gives one, found ${describeKind(own)}`);
  };
}

/** One request and its answer. */
class Exchange {
  readonly #url: string;
  readonly #init: FetchInit;
  readonly #agent: object;
  #request: ClientRequest | undefined;
  #source: Readable | undefined;
  #body: Readable | undefined;
  #failure: Error | undefined;
  #fail: (error: Error) => void = () => undefined;

  constructor(url: string, init: FetchInit, agent: object) {
    this.#url = url;
    this.#init = init;
    this.#agent = agent;
  }

  async run(fetch: CrossFetch): Promise<FetchResponse> {
    const { method = 'GET', headers = {}, body, signal } = this.#init;
    const sent = this.#bodyOf(body);
    // No redirect: node-fetch sends credentials to another port of the same host.
    const own = { method, headers, body: sent, signal, redirect: 'manual', compress: false, agent: this.#watched() };
    const failed = new Promise<never>((_, reject) => {
      this.#fail = reject;
    });
    try {
      const answer = await Promise.race([
        failed,
        (fetch as unknown as (url: string, init: object) => ReturnType<CrossFetch>)(this.#url, own),
      ]);
      return this.#answerOf(answer);
    } catch (error) {
      this.#source?.destroy();
      if (signal?.aborted) throw signal.reason;
      // The error of node-fetch repeats the URL, whose query may be a credential.
      throw this.#failure ?? (error instanceof TransportError ? error : withoutUrl(error));
    }
  }

  #bodyOf(body: FetchInit['body']): Readable | Buffer | undefined {
    if (body === undefined) return undefined;
    if (!(body instanceof ReadableStream)) return Buffer.from(body.buffer, body.byteOffset, body.length);
    this.#source = sourceOf(chunkReaderOf(body), (error) => this.#end(error));
    return this.#source;
  }

  #answerOf({ status, headers, body }: Awaited<ReturnType<CrossFetch>>): FetchResponse {
    if (this.#request === undefined) {
      void (body as ReadableStream | null)?.cancel?.();
      throw unsupported('the fetch did not use the agent, so that the request went out by itself');
    }
    this.#body = body as Readable;
    if (this.#failure !== undefined) this.#body.destroy(this.#failure);
    return { status, headers, url: this.#url, body: streamFrom(this.#readerOf(this.#body)) };
  }

  /** Why the body ended, where it ended early. */
  #reason(): Error | undefined {
    const { signal } = this.#init;
    return signal?.aborted ? (signal.reason as Error) : this.#failure;
  }

  #readerOf(body: Readable): ChunkReader {
    const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
    return {
      read: async () => {
        const { done, value } = await chunks.next().catch((error: unknown) => {
          throw this.#reason() ?? error;
        });
        const failure = done === true ? this.#reason() : undefined;
        if (failure !== undefined) throw failure;
        return done === true ? undefined : new Uint8Array(value);
      },
      // Its socket would wait for somebody to read on.
      cancel: async () => void this.#request?.destroy(),
    };
  }

  /** The agent, which learns of the request: node-fetch neither sees that an answer is cut short nor says that it stopped sending. */
  #watched(): object {
    const watch = (request: ClientRequest): void => this.#watch(request);
    return new Proxy(this.#agent, {
      get(agent, name) {
        const member: unknown = Reflect.get(agent, name, agent);
        if (name !== 'addRequest' || typeof member !== 'function') return member;
        return (request: ClientRequest, ...more: unknown[]) => {
          watch(request);
          return member.call(agent, request, ...more) as unknown;
        };
      },
      set: (agent, name, value) => Reflect.set(agent, name, value, agent),
    });
  }

  #watch(request: ClientRequest): void {
    this.#request = request;
    let answered = false;
    request.on('error', (error) => this.#end(error));
    request.on('response', (response: IncomingMessage) => {
      answered = true;
      this.#watchAnswer(request, response);
    });
    for (const event of ['upgrade', 'connect']) request.on(event, (_, socket: Duplex) => this.#refuseUpgrade(socket));
    request.on('close', () => {
      if (!answered) this.#end(cut());
    });
  }

  #watchAnswer(request: ClientRequest, response: IncomingMessage): void {
    // The rest of the body is not wanted; then the socket cannot be used again.
    this.#source?.destroy();
    response.once('end', () => {
      if (!request.writableFinished) request.destroy();
    });
    response.once('close', () => {
      if (!response.complete) this.#end(cut());
    });
  }

  #refuseUpgrade(socket: Duplex): void {
    socket.destroy();
    const message = 'the server switched to another protocol without being asked to';
    this.#end(Object.assign(new Error(message), { code: 'ERR_UNASKED_UPGRADE' }));
  }

  #end(error: Error): void {
    this.#failure ??= error;
    this.#fail(error);
    this.#request?.destroy(error);
    this.#body?.destroy(error);
  }
}

/** A web stream as node-fetch sends it: chunk by chunk as the socket takes them. */
function sourceOf(reader: ChunkReader, fail: (error: Error) => void): Readable {
  return new Readable({
    read() {
      reader.read().then(
        (chunk) => void this.push(chunk ?? null),
        (error: unknown) => {
          fail(error instanceof Error ? error : new Error('the content to send broke off', { cause: error }));
          this.destroy();
        },
      );
    },
    destroy(_, done) {
      void reader.cancel().catch(() => undefined);
      done(null);
    },
  });
}

function withoutUrl(error: unknown): Error {
  const { code, name } = error as { code?: string; name?: string };
  return Object.assign(new Error(`the request failed${code === undefined ? '' : ` (${code})`}`), {
    name: name ?? 'Error',
    code,
  });
}
