import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AdmissionHandler } from '../http/handler.js';
import { bodyOf, discard } from './request-body.js';

/** A request listener of `node:http` and `node:https` for a fetch-shaped handler. */
export function listener(handler: AdmissionHandler): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  return (incoming, outgoing) => {
    const gone = new AbortController();
    outgoing.once('close', () => {
      if (!outgoing.writableFinished) gone.abort();
    });
    void answer(handler, incoming, outgoing, gone.signal).catch(() => outgoing.destroy());
  };
}

async function answer(
  handler: AdmissionHandler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const response = await handler(requestOf(incoming, signal));
  const body = new Uint8Array(await response.arrayBuffer());
  const head = { ...Object.fromEntries(response.headers), 'content-length': String(body.length) };
  if (incoming.complete) {
    outgoing.writeHead(response.status, head).end(body);
    return;
  }
  // A body that was refused half way: whoever closes a connection with bytes unread resets it, and the answer is lost with it.
  outgoing.writeHead(response.status, { ...head, connection: 'close' }).write(body);
  await discard(incoming);
  outgoing.end();
}

function requestOf(incoming: IncomingMessage, signal: AbortSignal): Request {
  const method = incoming.method ?? 'GET';
  const headers = new Headers();
  for (let i = 0; i < incoming.rawHeaders.length; i += 2)
    headers.append(incoming.rawHeaders[i] ?? '', incoming.rawHeaders[i + 1] ?? '');
  // The host is the caller's text and plays no part in routing.
  const url = new URL(incoming.url ?? '/', 'https://admission.invalid');
  if (method === 'GET' || method === 'HEAD') return new Request(url, { method, headers, signal });
  return new Request(url, { method, headers, signal, body: bodyOf(incoming), duplex: 'half' } as RequestInit);
}
