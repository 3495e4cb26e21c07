import { once } from 'node:events';
import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { type Fetch, type FetchInit, type FetchResponse, readerOf } from '@notarykit/common';
import { createAgents } from './agents.node.js';
import { LightSignal, takesLightSignals } from './light-signal.js';
import type { ConnectionOptions } from './options.js';
import { NodeResponse } from './response.node.js';

/** A transport over `node:http` and `node:https`: keep-alive, streams both ways with back-pressure, no redirects, no decoding. */
export function createTransport(options: ConnectionOptions = {}): Fetch {
  const agents = createAgents(options);
  const transport: Fetch = async (url, init = {}) => {
    init.signal?.throwIfAborted();
    try {
      return await exchange(url, init, agents);
    } catch (error) {
      // A kept-alive socket may have been closed by the server just now: such a request never arrived.
      const replay = (error as { stale?: boolean }).stale === true && !(init.body instanceof ReadableStream);
      if (!replay || init.signal?.aborted) throw error;
      return await exchange(url, init, agents);
    }
  };
  return takesLightSignals(transport);
}

function exchange(url: string, init: FetchInit, agents: ReturnType<typeof createAgents>): Promise<FetchResponse> {
  const target = new URL(url);
  const { agent, proxied } = agents(target);
  const { method = 'GET', headers = {}, body, signal } = init;
  const { request: open } = target.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const route = proxied?.(target);
    const own: Record<string, string> = route?.headers ?? {};
    const all = route === undefined ? headers : { ...own, ...headers, host: target.host };
    const request =
      route === undefined
        ? open({ ...placeOf(target), method, agent, headers: all })
        : open({ ...route, method, agent, headers: all });
    const forget = onAbort(signal, () => void request.destroy(reasonOf(signal)));
    request.on('error', (error) => {
      forget?.();
      if (request.reusedSocket && (error as NodeJS.ErrnoException).code === 'ECONNRESET')
        Object.assign(error, { stale: true });
      reject(signal?.aborted ? reasonOf(signal) : error);
    });
    request.on('response', (response) => {
      if (forget !== undefined) response.once('close', forget);
      resolve(new NodeResponse(url, request, response));
    });
    if (body instanceof ReadableStream) void sendStream(request, body);
    else request.end(body);
  });
}

function placeOf({ protocol, hostname, port, pathname, search }: URL): http.RequestOptions {
  const host = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return { protocol, hostname: host, port, path: `${pathname}${search}` };
}

/** Calls back on an abort; what comes back ends that, where it must be ended. */
function onAbort(signal: AbortSignal | undefined, abort: () => void): (() => void) | undefined {
  if (signal === undefined) return undefined;
  if (signal instanceof LightSignal) {
    signal.listener = abort;
    return undefined;
  }
  signal.addEventListener('abort', abort, { once: true });
  return () => signal.removeEventListener('abort', abort);
}

function reasonOf(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason });
}

/** Writes a stream with back-pressure; a failure of the source destroys the request, an early answer ends the sending. */
async function sendStream(request: ClientRequest, body: ReadableStream<Uint8Array>): Promise<void> {
  const reader = readerOf(body);
  let answered = false;
  const closed = once(request, 'close').catch(() => undefined);
  request.once('response', (response: IncomingMessage) => {
    answered = true;
    // The rest of the body is not wanted: the socket cannot be used again once the answer has been read.
    response.once('end', () => {
      if (!request.writableFinished) request.destroy();
    });
  });
  const over = (): boolean => answered || request.destroyed;
  try {
    for (;;) {
      const chunk = await reader.read(true);
      if (chunk === undefined) return void request.end();
      // A borrowed chunk must have left before the next is asked for.
      if (!over()) await Promise.race([new Promise((resolve) => request.write(chunk, resolve)), closed]);
      if (over()) return await reader.cancel().catch(() => undefined);
    }
  } catch (error) {
    request.destroy(error as Error);
  }
}
