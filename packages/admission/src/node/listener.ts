import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterArrivals, type Deadline, memoized, startDeadline } from '@notarykit/common/internal';
import type { AdmissionHandler } from '../http/plain.js';
import { plainHandler } from '../http/plain.js';
import { bodyOf, collectBody, discard } from './request-body.js';

/** A request listener of `node:http` and `node:https` for a fetch-shaped handler. */
export function listener(handler: AdmissionHandler): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  const answer = answerWith(handler);
  let unanswered = 0;
  return (incoming, outgoing) => {
    unanswered++;
    const onLeft: OnLeft = (then) =>
      outgoing.once('close', () => {
        if (!outgoing.writableFinished) then();
      });
    void answer(incoming, onLeft)
      .then(async (given) => {
        // Answers to requests that came together leave together; a single one does not wait.
        if (unanswered > 1) await afterArrivals();
        await send(given, incoming, outgoing);
      })
      .catch(() => outgoing.destroy())
      .finally(() => {
        unanswered--;
      });
  };
}

/** Calls back if the caller leaves before it has the answer. */
type OnLeft = (then: () => void) => unknown;

interface PlainResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Text goes out in one piece with the head. */
  readonly body: Uint8Array | string;
}

/** The host is the caller's text and plays no part in routing. An API server asks one path with one time-out again and again. */
const parseUrl = memoized((url) => new URL(url, 'https://admission.invalid'), 100);
const urlOf = ({ url }: IncomingMessage): URL => parseUrl(url ?? '/');

/** A handler of ours is asked without the classes of the web in between. */
function answerWith(handler: AdmissionHandler): (incoming: IncomingMessage, onLeft: OnLeft) => Promise<PlainResponse> {
  const direct = plainHandler(handler);
  if (direct === undefined)
    return async (incoming, onLeft) => {
      const gone = new AbortController();
      onLeft(() => gone.abort());
      return take(await handler(requestOf(incoming, gone.signal)));
    };
  return async (incoming, onLeft) => {
    const body = (limit: number, until: AbortSignal) => collectBody(incoming, limit, until);
    const deadline = (milliseconds: number): Deadline => {
      const started = startDeadline(milliseconds);
      onLeft(() => started.end(new DOMException('the caller left', 'AbortError')));
      return started;
    };
    const method = incoming.method ?? 'GET';
    const header = (name: string): string | undefined => oneHeader(incoming, name);
    const answer = await direct({ method, url: urlOf(incoming), header, deadline, body });
    const headers = { 'content-type': answer.contentType, ...answer.headers };
    return { status: answer.status, headers, body: answer.body };
  };
}

/** A header that came twice is two answers to one question: neither counts. Node keeps the first of some. */
function oneHeader({ rawHeaders }: IncomingMessage, name: string): string | undefined {
  const values = rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === name);
  return values.length === 1 ? values[0] : undefined;
}

async function take(response: Response): Promise<PlainResponse> {
  const body = new Uint8Array(await response.arrayBuffer());
  return { status: response.status, headers: Object.fromEntries(response.headers), body };
}

async function send(
  { status, headers, body }: PlainResponse,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  const head = { ...headers, 'content-length': String(length) };
  if (incoming.complete) {
    outgoing.writeHead(status, head).end(body);
    return;
  }
  // A body that was refused half way: closing a connection with unread bytes resets it, and the answer is lost with it.
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
