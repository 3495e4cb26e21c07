import { type CallOptions, defined } from '@notarykit/common/internal';
import { type Descriptor, isNotFound, OciError, parseDigest } from '@notarykit/oci/internal';
import { repositoryScope } from '../auth/scope.js';
import type { RegistryResponse } from '../http/message.js';
import { createPace, type Pace } from '../http/pace.js';
import { parseContentRange } from '../http/range.js';
import { progressOf } from '../progress.js';
import { checkDigestHeader, protocolError, type RepositoryContext, statusOf, urlOf } from './context.js';
import { downloadVerified } from './download.js';

/** `HEAD` of a blob. */
export async function blobExists(
  context: RepositoryContext,
  descriptor: Descriptor,
  options: CallOptions,
): Promise<boolean> {
  parseDigest(descriptor.digest);
  try {
    const response = await context.send({
      method: 'HEAD',
      url: urlOf(context, `blobs/${descriptor.digest}`),
      kind: 'metadata',
      scopes: [repositoryScope(context.repository, 'pull')],
      expect: [200],
      limit: 0,
      signal: options.signal,
    });
    checkDigestHeader(context, response.headers.get('docker-content-digest'), descriptor.digest);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    if (!headRefused.includes(statusOf(error) ?? 0)) throw error;
  }
  return await canBeRead(context, descriptor, options);
}

/** Answers of registries that know no HEAD, and of storage behind a redirect whose link was signed for GET. */
const headRefused: readonly number[] = [400, 403, 405, 501];

/** Asks for the first byte of a blob; what refuses that as well is the answer. */
async function canBeRead(context: RepositoryContext, descriptor: Descriptor, options: CallOptions): Promise<boolean> {
  try {
    const pace = createPace(descriptor.size, context.timeouts);
    const response = await openBlob(context, descriptor, 'bytes=0-0', pace, options);
    await response.body?.cancel();
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** `GET` of a blob, verified and resumed while it is read. */
export async function fetchBlob(
  context: RepositoryContext,
  descriptor: Descriptor,
  options: CallOptions,
): Promise<ReadableStream<Uint8Array>> {
  parseDigest(descriptor.digest);
  const { repository, onProgress, maxRetries } = context;
  const pace = createPace(descriptor.size, context.timeouts);
  return await downloadVerified(descriptor, {
    open: (offset) => openBlob(context, descriptor, offset === 0 ? undefined : `bytes=${offset}-`, pace, options),
    maxRetries,
    pause: (attempt) => context.retryPause(attempt, options.signal),
    onBytes: progressOf(onProgress, {
      type: 'download',
      repository,
      digest: descriptor.digest,
      total: descriptor.size,
    }),
  });
}

async function openBlob(
  context: RepositoryContext,
  descriptor: Descriptor,
  range: string | undefined,
  pace: Pace,
  options: CallOptions,
): Promise<RegistryResponse> {
  // Always from the registry, never from a storage link of an earlier answer: those expire (oci.md 1.4).
  const response = await context.send({
    method: 'GET',
    url: urlOf(context, `blobs/${descriptor.digest}`),
    kind: 'download',
    headers: defined({ range }),
    scopes: [repositoryScope(context.repository, 'pull')],
    expect: range === undefined ? [200] : [200, 206, 416],
    signal: options.signal,
    pace,
  });
  try {
    checkDigestHeader(context, response.headers.get('docker-content-digest'), descriptor.digest);
  } catch (error) {
    await response.body?.cancel();
    throw error;
  }
  return response;
}

/** A part of a blob, not checked against the digest; a registry without ranges sends the whole, of which the rest is dropped. */
export async function fetchBlobRange(
  context: RepositoryContext,
  descriptor: Descriptor,
  offset: number,
  length: number,
  options: CallOptions,
): Promise<ReadableStream<Uint8Array>> {
  checkPart(descriptor, offset, length);
  if (length === 0) return new ReadableStream({ start: (controller) => controller.close() });
  const pace = createPace(length, context.timeouts);
  const response = await openBlob(context, descriptor, `bytes=${offset}-${offset + length - 1}`, pace, options);
  const range = parseContentRange(response.headers.get('content-range'));
  if (response.status !== 200 && (range?.start !== offset || range.end !== offset + length - 1)) {
    await response.body?.cancel();
    throw protocolError(
      context,
      `asked for bytes ${offset} to ${offset + length - 1} of ${descriptor.digest}, got another range`,
    );
  }
  return part(context, response, response.status === 200 ? offset : 0, length);
}

function checkPart({ digest, size }: Descriptor, offset: number, length: number): void {
  const whole = Number.isSafeInteger(offset) && Number.isSafeInteger(length);
  if (whole && offset >= 0 && length >= 0 && offset + length <= size) return;
  throw new OciError(
    'ERR_OCI_INVALID',
    `${digest}: expected a part of its ${size} bytes, found ${length} from ${offset}`,
  );
}

function part(
  context: RepositoryContext,
  { body }: RegistryResponse,
  skip: number,
  length: number,
): ReadableStream<Uint8Array> {
  let toSkip = skip;
  let left = length;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        for (;;) {
          const chunk = await body?.read();
          if (chunk === undefined) throw protocolError(context, `the part ended ${left} bytes early`);
          const wanted = chunk.subarray(Math.min(toSkip, chunk.length)).subarray(0, left);
          toSkip -= Math.min(toSkip, chunk.length);
          if (wanted.length === 0) continue;
          left -= wanted.length;
          controller.enqueue(wanted);
          if (left > 0) return;
          controller.close();
          await body?.cancel();
          return;
        }
      },
      cancel: () => body?.cancel(),
    },
    { highWaterMark: 0 },
  );
}

/** `DELETE` of a blob. */
export async function deleteBlob(
  context: RepositoryContext,
  descriptor: Descriptor,
  options: CallOptions,
): Promise<void> {
  parseDigest(descriptor.digest);
  await context.send({
    method: 'DELETE',
    url: urlOf(context, `blobs/${descriptor.digest}`),
    kind: 'metadata',
    scopes: [repositoryScope(context.repository, 'delete,pull')],
    expect: [200, 202, 204],
    limit: 8192,
    signal: options.signal,
  });
}
