import { copyBytes } from '@notarykit/common/internal';
import { iterateBody } from '../http/bodies.js';
import { type Answer, ConnectionCut, headerOf, withHeader } from '../http/exchange.js';
import { pause, pauseForEver } from './pause.js';

type Body = AsyncIterable<Uint8Array>;

/** The answer with another body; its headers stay, also when they are then wrong. */
export function changeBody(answer: Answer, edit: (body: Body) => Body): Answer {
  return { ...answer, body: edit(iterateBody(answer.body)) };
}

/** So many bytes, then the end of the connection. */
export async function* cutAfter(body: Body, bytes: number): AsyncGenerator<Uint8Array> {
  yield* take(body, bytes);
  throw new ConnectionCut();
}

/** So many bytes, then nothing. */
export async function* stalledAfter(body: Body, bytes: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  yield* take(body, bytes);
  await pauseForEver(signal);
}

/** Pieces of so many bytes, with a pause after each. */
export async function* throttled(
  body: Body,
  bytes: number,
  ms: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for await (const part of body) {
    for (let offset = 0; offset < part.length; offset += bytes) {
      yield part.subarray(offset, offset + bytes);
      await pause(ms, signal);
    }
  }
}

/** The body with one bit of byte `at` turned. */
export async function* corrupt(body: Body, at: number): AsyncGenerator<Uint8Array> {
  let offset = 0;
  for await (const part of body) {
    const copy = copyBytes(part);
    const byte = copy[at - offset];
    if (byte !== undefined) copy[at - offset] = byte ^ 1;
    offset += part.length;
    yield copy;
  }
}

/** The body, and then its last piece for ever. */
export async function* endlessly(body: Body): AsyncGenerator<Uint8Array> {
  let last: Uint8Array = new Uint8Array(1024);
  for await (const part of body) {
    if (part.length > 0) last = part;
    yield part;
  }
  for (;;) yield last;
}

/** The answer with `count` zero bytes after its body. */
export function padded(answer: Answer, count: number): Answer {
  const length = headerOf(answer, 'content-length');
  const longer = length === undefined ? answer : withHeader(answer, 'Content-Length', String(Number(length) + count));
  return changeBody(longer, (body) => followed(body, new Uint8Array(count)));
}

async function* followed(body: Body, more: Uint8Array): AsyncGenerator<Uint8Array> {
  yield* body;
  yield more;
}

async function* take(body: Body, bytes: number): AsyncGenerator<Uint8Array> {
  let left = bytes;
  for await (const part of body) {
    if (left <= 0) return;
    yield part.subarray(0, left);
    left -= part.length;
  }
}
