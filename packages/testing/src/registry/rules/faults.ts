import { bytesAnswer, errorAnswer } from '../http/answers.js';
import { type Answer, ConnectionCut, withHeader } from '../http/exchange.js';
import { changeBody, corrupt, cutAfter, endlessly, padded, stalledAfter, throttled } from './bodies.js';
import { pause, pauseForEver } from './pause.js';
import type { Action } from './rule.js';

/** What to answer in place of the registry. */
export interface StatusFault {
  readonly status: number;
  /** Code of the error body. Default `UNKNOWN`; an empty text leaves the body out. */
  readonly code?: string;
  /** Seconds, or an HTTP date. */
  readonly retryAfter?: number | string;
  readonly headers?: Readonly<Record<string, string>>;
  /** In place of the error document. */
  readonly body?: Uint8Array;
}

/** Answers a status, and never asks the registry. */
export function status(fault: StatusFault): Action {
  const { code = 'UNKNOWN', retryAfter } = fault;
  const headers = {
    ...(retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) }),
    ...fault.headers,
  };
  return () =>
    fault.body === undefined && code !== ''
      ? errorAnswer(fault.status, code, 'a fault of the test', headers)
      : bytesAnswer(fault.status, headers, fault.body ?? new Uint8Array());
}

/** Redirects. */
export function redirect(location: string | ((path: string) => string), code = 307): Action {
  return ({ request }) => {
    const target = typeof location === 'string' ? location : location(request.url.pathname + request.url.search);
    return errorAnswer(code, 'UNKNOWN', 'elsewhere', { Location: target });
  };
}

/** Sets a header of the registry's answer, or takes it away. */
export function header(name: string, value: string | undefined): Action {
  return async ({ next }) => withHeader(await next(), name, value);
}

/** Changes the registry's answer in any way. */
export function change(edit: (answer: Answer) => Answer | Promise<Answer>): Action {
  return async ({ next }) => edit(await next());
}

/** Cuts the connection before the registry sees the request. */
export function cut(): Action {
  return () => {
    throw new ConnectionCut();
  };
}

/** Lets the registry do what was asked, then cuts the connection: applied, but the answer is lost. */
export function loseAnswer(): Action {
  return async ({ next }) => {
    await next();
    throw new ConnectionCut();
  };
}

/** Sends the headers and so many bytes of the body, then cuts the connection. */
export function cutBodyAfter(bytes: number): Action {
  return change((answer) => changeBody(answer, (body) => cutAfter(body, bytes)));
}

/** Waits before the answer. */
export function delay(ms: number): Action {
  return async ({ request, next }) => {
    await pause(ms, request.signal);
    return next();
  };
}

/** Never answers; ends when the client goes away. */
export function stall(): Action {
  return async ({ request }) => pauseForEver(request.signal);
}

/** Sends the headers and so many bytes of the body, then nothing until the client goes away. */
export function stallBodyAfter(bytes: number): Action {
  return async ({ request, next }) => changeBody(await next(), (body) => stalledAfter(body, bytes, request.signal));
}

/** Sends the body slowly: pieces of `bytes`, `ms` apart. */
export function slowBody(bytes: number, ms: number): Action {
  return async ({ request, next }) => changeBody(await next(), (body) => throttled(body, bytes, ms, request.signal));
}

/** Sends more bytes than the registry would, and a `Content-Length` that counts them. */
export function extraBytes(count: number): Action {
  return change((answer) => padded(answer, count));
}

/** Turns one bit of the body. */
export function flipBit(at = 0): Action {
  return change((answer) => changeBody(answer, (body) => corrupt(body, at)));
}

/** Sends the body without `Content-Length`, again and again, for as long as the client reads. */
export function endlessBody(): Action {
  return change((answer) => changeBody(withHeader(answer, 'Content-Length', undefined), endlessly));
}

/** Sends the body without `Content-Length`, chunked, and cuts it after so many bytes. */
export function chunkedAndCut(bytes: number): Action {
  return change((answer) =>
    changeBody(withHeader(answer, 'Content-Length', undefined), (body) => cutAfter(body, bytes)),
  );
}

/** One action after the other, one for each matching request; the last one stays. An empty place means: no fault. */
export function inTurn(...actions: readonly (Action | undefined)[]): Action {
  return (context) => {
    const action = actions[Math.min(context.hit, actions.length) - 1];
    return action === undefined ? context.next() : action(context);
  };
}
