import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AdmissionHandler } from '../http/handler.js';
import { plainHandler } from '../http/plain.js';
import { bodyOf, collectBody, discard } from './request-body.js';

/** A request listener of `node:http` and `node:https` for a fetch-shaped handler. */
export function listener(handler: AdmissionHandler): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  const answer = answerWith(handler);
  return (incoming, outgoing) => {
    const gone = new AbortController();
    outgoing.once('close', () => {
      if (!outgoing.writableFinished) gone.abort();
    });
    void answer(incoming, gone.signal)
      .then((given) => send(given, incoming, outgoing))
      .catch(() => outgoing.destroy());
  };
}

interface Given {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Text goes out in one piece with the head. */
  readonly body: Uint8Array | string;
}

/** The host is the caller's text and plays no part in routing. */
const urlOf = ({ url }: IncomingMessage): URL => new URL(url ?? '/', 'https://admission.invalid');

/** A handler of ours is asked without the classes of the web in between. */
function answerWith(handler: AdmissionHandler): (incoming: IncomingMessage, signal: AbortSignal) => Promise<Given> {
  const direct = plainHandler(handler);
  if (direct === undefined) return async (incoming, signal) => take(await handler(requestOf(incoming, signal)));
  return async (incoming, signal) => {
    const body = (limit: number, until: AbortSignal) => collectBody(incoming, limit, until);
    const answer = await direct({ method: incoming.method ?? 'GET', url: urlOf(incoming), signal, body });
    return { status: answer.status, headers: { 'content-type': answer.contentType }, body: answer.body };
  };
}

async function take(response: Response): Promise<Given> {
  const body = new Uint8Array(await response.arrayBuffer());
  return { status: response.status, headers: Object.fromEntries(response.headers), body };
}

async function send(
  { status, headers, body }: Given,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  const head = { ...headers, 'content-length': String(length) };
  if (incoming.complete) {
    outgoing.writeHead(status, head).end(body);
    return;
  }
  // A body that was refused half way: whoever closes a connection with bytes unread resets it, and the answer is lost with it.
  outgoing.writeHead(status, { ...head, connection: 'close' }).write(body);
  await discard(incoming);
  outgoing.end();
}

function requestOf(incoming: IncomingMessage, signal: AbortSignal): Request {
  const method = incoming.method ?? 'GET';
  const headers = new Headers();
  for (let i = 0; i < incoming.rawHeaders.length; i += 2)
    headers.append(incoming.rawHeaders[i] ?? '', incoming.rawHeaders[i + 1] ?? '');
  const url = urlOf(incoming);
  if (method === 'GET' || method === 'HEAD') return new Request(url, { method, headers, signal });
  return new Request(url, { method, headers, signal, body: bodyOf(incoming), duplex: 'half' } as RequestInit);
}
