import type { Bytes, CallOptions } from '@notarykit/common/internal';
import {
  type ContentSource,
  createDigester,
  type Descriptor,
  type Digest,
  mediaTypes,
  OciError,
  type PushOptions as PortPushOptions,
} from '@notarykit/oci/internal';
import { platform } from '@notarykit/transport/internal';
import { repositoryScope } from '../auth/scope.js';
import { blobExists } from '../endpoints/blobs.js';
import { errorCodesOf, type RepositoryContext, statusOf, urlOf } from '../endpoints/context.js';
import { RegistryError } from '../errors.js';
import { isExhausted } from '../http/retry.js';
import { progressOf } from '../progress.js';
import { sendChunks, uploadChunked } from './chunked.js';
import { uploadWhole } from './monolithic.js';
import {
  cancelUpload,
  finishUpload,
  firstLocation,
  nextLocation,
  type OpenSession,
  patchUpload,
  startUpload,
  type UploadSession,
  uploadStatus,
} from './session.js';
import { checkedSource, type OpenSource, smallSize } from './source.js';

/** Options of a blob push. */
export interface RegistryPushOptions extends PortPushOptions {
  /** Send in chunks, so that a broken connection costs one chunk. Default: as the registry's `chunked` says. */
  readonly chunked?: boolean;
  /** Go on with an upload that an earlier push began; told by `onSession`. */
  readonly session?: UploadSession;
  /** Told after each chunk of a chunked push. */
  readonly onSession?: (session: UploadSession) => void;
}

const sessionsFromMounts = new WeakMap<object, Map<Digest, OpenSession>>();

/** Pushes a blob unless it is there: by one request, or chunked where asked for or where the registry wants it. */
export async function pushBlob(
  context: RepositoryContext,
  descriptor: Descriptor,
  content: ContentSource,
  options: RegistryPushOptions,
): Promise<void> {
  const { repository, onProgress } = context;
  const { digest, size: total } = descriptor;
  const known = options.session !== undefined || options.absent === true;
  if (!known && (await blobExists(context, descriptor, options))) {
    onProgress?.({ type: 'skipped', repository, digest, total });
    return;
  }
  const open = checkedSource(
    descriptor,
    content,
    progressOf(onProgress, { type: 'upload', repository, digest, total }),
  );
  const pieces = !platform.streamsUploads && typeof content === 'function' && total > smallSize;
  const chunked = options.chunked ?? (options.session !== undefined || context.chunked || pieces);
  for (let attempt = 0, mode = chunked, switched = false; ; attempt++) {
    try {
      await uploadOnce(context, descriptor, content, open, { ...options, chunked: mode }, attempt === 0 && !switched);
      return;
    } catch (error) {
      if (otherMode(error, mode) && !switched) {
        // The registry has answered: going another way is not a retry.
        [mode, switched] = [!mode, true];
        attempt -= 1;
      } else if (!restartable(error) || attempt >= context.maxRetries) throw error;
      else {
        await context.retryPause(attempt, options.signal);
        // The answer may have been lost after the registry had stored everything.
        if (await blobExists(context, descriptor, options)) return;
      }
    }
  }
}

async function uploadOnce(
  context: RepositoryContext,
  descriptor: Descriptor,
  content: ContentSource,
  open: OpenSource,
  options: RegistryPushOptions,
  first: boolean,
): Promise<void> {
  const session = await openSession(context, descriptor, first ? options.session : undefined, options.signal);
  try {
    if (options.chunked === true) {
      const { signal, onSession } = options;
      await uploadChunked(context, session, descriptor, open, { chunkSize: context.chunkSize, signal, onSession });
    } else await uploadWhole(context, session.location, descriptor, content, open, options.signal);
  } catch (error) {
    // A caller that keeps the session wants to come back to it.
    if (options.onSession === undefined) void cancelUpload(context, session.location);
    throw error;
  }
}

async function openSession(
  context: RepositoryContext,
  descriptor: Descriptor,
  given: UploadSession | undefined,
  signal?: AbortSignal,
): Promise<OpenSession> {
  if (given !== undefined) {
    try {
      return {
        ...(await uploadStatus(context, nextLocation(context, context.origin, given.location), signal)),
        minChunk: 0,
      };
    } catch (error) {
      if (!(error instanceof OciError)) throw error;
    }
  }
  const mounted = sessionsFromMounts.get(context)?.get(descriptor.digest);
  sessionsFromMounts.get(context)?.delete(descriptor.digest);
  return mounted ?? (await startUpload(context, signal));
}

/** Registries that know no chunks, and registries that know nothing else. */
function otherMode(error: unknown, chunked: boolean): boolean {
  const status = statusOf(error);
  const { method } = (error as { detail?: { method?: string } }).detail ?? {};
  if (chunked) return method === 'PATCH' && [404, 405, 416, 501].includes(status ?? 0);
  // A front takes only so much in one request; a registry that finds the blob itself too large has a code for that.
  if (status === 413) return method === 'PUT' && !errorCodesOf(error).includes('SIZE_INVALID');
  return method === 'PUT' && [405, 411, 501].includes(status ?? 0);
}

function restartable(error: unknown): boolean {
  if (error instanceof OciError) {
    const { method } = (error.detail ?? {}) as { method?: string };
    // The session is gone: a new one begins at byte 0.
    return error.code === 'ERR_OCI_NOT_FOUND' && (method === 'PUT' || method === 'PATCH' || method === 'GET');
  }
  return error instanceof RegistryError && error.detail?.retryable === true && !isExhausted(error);
}

/** Pushes a stream whose digest is not known before it ends; gives its descriptor. Not sent twice: the stream is consumed. */
export async function pushStream(
  context: RepositoryContext,
  stream: ReadableStream<Uint8Array>,
  options: CallOptions & { readonly mediaType?: string } = {},
): Promise<Descriptor> {
  const session = await startUpload(context, options.signal);
  const digester = createDigester('sha256');
  let size = 0;
  const counted = stream.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        digester.update(chunk);
        size += chunk.length;
        controller.enqueue(chunk as Uint8Array<ArrayBuffer>);
      },
    }),
  );
  try {
    const location = await sendCounted(context, session, counted, options.signal);
    const descriptor = { mediaType: options.mediaType ?? mediaTypes.octetStream, digest: digester.digest(), size };
    await finishUpload(context, location, descriptor, undefined, options.signal);
    return descriptor;
  } catch (error) {
    void cancelUpload(context, session.location);
    throw error;
  }
}

/** Sends a stream, in one piece where the platform can; gives the location that ends the upload. */
async function sendCounted(
  context: RepositoryContext,
  session: OpenSession,
  counted: ReadableStream<Bytes>,
  signal: AbortSignal | undefined,
): Promise<string> {
  if (!platform.streamsUploads)
    return await sendChunks(context, session, counted, { chunkSize: context.chunkSize, signal });
  const body = { open: () => counted, replayable: false };
  const response = await patchUpload(context, session.location, body, undefined, signal);
  return nextLocation(context, session.location, response.headers.get('location') ?? session.location);
}

/** Asks the registry to take a blob over from another repository; every refusal is `false`, and a session it opened is used by the push. */
export async function mountBlob(
  context: RepositoryContext,
  descriptor: Descriptor,
  from: string,
  options: CallOptions,
): Promise<boolean> {
  const query = new URLSearchParams({ mount: descriptor.digest, from });
  const url = urlOf(context, `blobs/uploads/?${query}`);
  try {
    const response = await context.send({
      method: 'POST',
      url,
      kind: 'metadata',
      headers: { 'content-length': '0' },
      // One token for both: push here and pull there (oci.md 3.5).
      scopes: [repositoryScope(context.repository, 'pull,push'), repositoryScope(from, 'pull')],
      expect: [201, 202],
      limit: 8192,
      retry: false,
      signal: options.signal,
    });
    if (response.status === 201) {
      const { repository, onProgress } = context;
      onProgress?.({ type: 'mounted', repository, digest: descriptor.digest, total: descriptor.size });
      return true;
    }
    keepSession(context, descriptor.digest, {
      location: firstLocation(context, response),
      offset: 0,
      minChunk: 0,
    });
    return false;
  } catch (error) {
    options.signal?.throwIfAborted();
    context.logger?.debug?.('mount refused', {
      repository: context.repository,
      digest: descriptor.digest,
      error: (error as Error).message,
    });
    return false;
  }
}

function keepSession(context: RepositoryContext, digest: Digest, session: OpenSession): void {
  const sessions = sessionsFromMounts.get(context) ?? new Map<Digest, OpenSession>();
  sessionsFromMounts.set(context, sessions);
  sessions.set(digest, session);
  // Few are open at a time; a caller that mounts and never pushes must not fill the memory.
  const [oldest] = sessions.keys();
  if (sessions.size > 100 && oldest !== undefined) sessions.delete(oldest);
}
