import { type Bytes, type Deadline, startDeadline } from '@notarykit/common/internal';
import { readBody } from './body.js';

/** A request without the classes of the web around it, which cost more than a verdict that is kept. */
export interface PlainRequest {
  readonly method: string;
  readonly url: URL;
  /** A header by its name in lower case. */
  header(name: string): string | undefined;
  /** A deadline of so many milliseconds, which ends sooner when the caller leaves. */
  deadline(milliseconds: number): Deadline;
  /** @throws {AdmissionError} `ERR_ADMISSION_TOO_LARGE`, `ERR_ADMISSION_TIMEOUT`, `ERR_ADMISSION_REQUEST` */
  body(limit: number, signal: AbortSignal): Promise<Bytes>;
}

/** What is answered to a {@link PlainRequest}. */
export interface PlainAnswer {
  readonly status: number;
  readonly contentType: string;
  /** Headers besides, by their names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

type PlainHandler = (request: PlainRequest) => Promise<PlainAnswer>;

const known = new WeakMap<AdmissionHandler, PlainHandler>();

/** The fetch-shaped face of a handler. */
export function webHandler(handle: PlainHandler): AdmissionHandler {
  const handler: AdmissionHandler = async (request) => {
    const { method, url, signal } = request;
    const body: PlainRequest['body'] = (limit, until) => readBody(request, limit, until);
    const deadline: PlainRequest['deadline'] = (milliseconds) => startDeadline(milliseconds, signal);
    const header: PlainRequest['header'] = (name) => request.headers.get(name) ?? undefined;
    const answer = await handle({ method, url: new URL(url), header, deadline, body });
    const headers = { 'content-type': answer.contentType, ...answer.headers };
    return new Response(answer.body, { status: answer.status, headers });
  };
  known.set(handler, handle);
  return handler;
}

/** What is behind the face, for servers that have no classes of the web to begin with. */
export function plainHandler(handler: AdmissionHandler): PlainHandler | undefined {
  return known.get(handler);
}

/** A fetch-shaped handler: give it to any framework or runtime that speaks `Request` and `Response`. */
export type AdmissionHandler = (request: Request) => Promise<Response>;
