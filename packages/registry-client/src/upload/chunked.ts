import { type Bytes, concatBytes, copyBytes } from '@notarykit/common/internal';
import type { Descriptor } from '@notarykit/oci/internal';
import { protocolError, type RepositoryContext, statusOf } from '../endpoints/context.js';
import { RegistryError } from '../errors.js';
import { parseUploadRange } from '../http/range.js';
import {
  finishUpload,
  nextLocation,
  type OpenSession,
  patchUpload,
  type UploadSession,
  uploadStatus,
} from './session.js';
import type { OpenSource } from './source.js';

/** How a chunked upload goes. */
export interface ChunkedOptions {
  readonly chunkSize: number;
  readonly signal?: AbortSignal | undefined;
  /** Told after each chunk: enough to go on later, in another process. */
  readonly onSession?: ((session: UploadSession) => void) | undefined;
}

/** How often a registry may store a part of one chunk only. */
const maxParts = 16;

/** Sends content in chunks from `session.offset` on; what a broken connection left is asked for, never guessed. */
export async function uploadChunked(
  context: RepositoryContext,
  session: OpenSession,
  descriptor: Descriptor,
  open: OpenSource,
  options: ChunkedOptions,
): Promise<void> {
  const location = await sendChunks(context, session, open(), options);
  await finishUpload(context, location, descriptor, undefined, options.signal);
}

/** Sends a stream in chunks; gives the location that ends the upload. */
export async function sendChunks(
  context: RepositoryContext,
  session: OpenSession,
  stream: ReadableStream<Bytes>,
  options: ChunkedOptions,
): Promise<string> {
  const size = Math.max(options.chunkSize, session.minChunk);
  const most: PieceLimit = { bytes: size, least: Math.max(leastPiece, session.minChunk) };
  const reader = stream.getReader();
  let current: UploadSession = { location: session.location, offset: session.offset };
  try {
    let start = 0;
    for await (const chunk of chunksOf(reader, size)) {
      const end = start + chunk.length;
      if (end > current.offset) current = await sendChunk(context, current, { chunk, start, most }, options);
      start = end;
      options.onSession?.(current);
    }
    return current.location;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function* chunksOf(reader: ReadableStreamDefaultReader<Bytes>, size: number): AsyncGenerator<Bytes> {
  let parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (!done) {
      parts.push(value);
      length += value.length;
    }
    while (length >= size || (done && length > 0)) {
      const whole = concatBytes(parts);
      yield whole.subarray(0, size);
      parts = whole.length > size ? [whole.subarray(size)] : [];
      length = Math.max(0, whole.length - size);
    }
    if (done) return;
  }
}

/** Below this a piece is not halved, in bytes. */
const leastPiece = 64 * 1024;

/** What a registry, or a front before it, takes in one request: found out when it refuses more, and kept for the whole upload. */
interface PieceLimit {
  bytes: number;
  readonly least: number;
}

async function sendChunk(
  context: RepositoryContext,
  session: UploadSession,
  { chunk, start, most }: { readonly chunk: Bytes; readonly start: number; readonly most: PieceLimit },
  options: ChunkedOptions,
): Promise<UploadSession> {
  const end = start + chunk.length;
  let current = session;
  for (let attempt = 0; current.offset < end; ) {
    const piece = chunk.subarray(current.offset - start).subarray(0, most.bytes);
    try {
      current = await sendRest(context, current, piece, options.signal);
      attempt = 0;
    } catch (error) {
      if (statusOf(error) === 413 && piece.length > most.least) most.bytes = halfOf(piece.length, most);
      else if (!recoverable(error, start) || attempt >= context.maxRetries) throw error;
      else await context.retryPause(attempt++, options.signal);
      current = await uploadStatus(context, current.location, options.signal);
      if (current.offset < start || current.offset > end) throw lostOffset(context, start, current.offset);
    }
  }
  return current;
}

const halfOf = (length: number, { least }: PieceLimit): number => Math.max(least, Math.ceil(length / 2));

function recoverable(error: unknown, start: number): boolean {
  if (!(error instanceof RegistryError)) return false;
  return error.detail?.retryable === true || (statusOf(error) === 416 && start > 0);
}

async function sendRest(
  context: RepositoryContext,
  session: UploadSession,
  rest: Bytes,
  signal?: AbortSignal,
  part = 1,
): Promise<UploadSession> {
  const { location, offset } = session;
  const end = offset + rest.length;
  const body = { size: rest.length, open: () => copyBytes(rest), replayable: true };
  const response = await patchUpload(context, location, body, `${offset}-${end - 1}`, signal);
  const next = nextLocation(context, location, response.headers.get('location') ?? location);
  const stored = parseUploadRange(response.headers.get('range'));
  if (stored === undefined || stored + 1 === end) return { location: next, offset: end };
  // The registry stored less than was sent: its own count decides.
  const status = await uploadStatus(context, next, signal);
  if (status.offset <= offset || status.offset > end || part >= maxParts) throw lostOffset(context, end, status.offset);
  if (status.offset === end) return status;
  return await sendRest(context, status, rest.subarray(status.offset - offset), signal, part + 1);
}

function lostOffset(context: RepositoryContext, expected: number, found: number): RegistryError {
  return protocolError(context, `the upload session is at byte ${found}, expected ${expected}`);
}
