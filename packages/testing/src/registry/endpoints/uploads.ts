import { digestIn, type EndpointContext, parameter } from '../context.js';
import { answer, Refusal } from '../http/answers.js';
import type { Answer } from '../http/exchange.js';
import { parseChunkRange } from '../http/range.js';
import type { UploadSession } from '../store/upload-sessions.js';
import { mountBlob } from './mount.js';

/** POST: begins an upload, stores a whole blob at once, or mounts one (distribution-spec, "Pushing blobs"). */
export async function beginUpload(context: EndpointContext): Promise<Answer> {
  const mounted = await mountBlob(context);
  if (mounted !== undefined) return mounted;
  const algorithm = parameter(context, 'digest-algorithm');
  if (algorithm !== undefined && !['sha256', 'sha512'].includes(algorithm))
    throw new Refusal(400, 'DIGEST_INVALID', 'expected digest-algorithm sha256 or sha512');
  const session = await context.uploads.begin(await context.store.open(context.repository));
  if (parameter(context, 'digest') === undefined || !context.abilities.postUpload)
    return sessionAnswer(context, 202, session);
  try {
    return await context.uploads.use(session, () => finish(context, session));
  } catch (error) {
    // The address of this upload is not known: it cannot be continued.
    await context.uploads.discard(session);
    throw error;
  }
}

/** GET: where an upload stands. */
export async function getUpload(context: EndpointContext): Promise<Answer> {
  return inSession(context, async (session) => answer(204, sessionHeaders(session)));
}

/** PATCH: the next bytes, with `Content-Range` as a chunk, without as a stream. */
export async function appendUpload(context: EndpointContext): Promise<Answer> {
  if (!context.abilities.chunks) throw new Refusal(405, 'UNSUPPORTED', 'this registry takes a blob in one PUT only');
  return inSession(context, async (session) => {
    await receive(context, session);
    session.chunks++;
    return sessionAnswer(context, context.abilities.patchStatus, session);
  });
}

/** PUT: the last bytes, if any, and the digest of the whole. */
export async function finishUpload(context: EndpointContext): Promise<Answer> {
  const session = sessionOf(context);
  if (session.chunks === 0 && !context.abilities.monolithicPut && context.request.headers.get('content-length') !== '0')
    throw new Refusal(405, 'UNSUPPORTED', 'this registry takes a blob by PATCH only');
  return inSession(context, (found) => finish(context, found));
}

/** DELETE: gives an upload up. */
export async function cancelUpload(context: EndpointContext): Promise<Answer> {
  const session = sessionOf(context);
  await context.uploads.discard(session);
  return answer(204);
}

function sessionOf(context: EndpointContext): UploadSession {
  return context.uploads.find(context.repository, context.reference);
}

/** Work in a session, in its turn. The session is looked for again: it may have ended while the request waited. */
function inSession(context: EndpointContext, work: (session: UploadSession) => Promise<Answer>): Promise<Answer> {
  return context.uploads.use(sessionOf(context), () => work(sessionOf(context)));
}

async function finish(context: EndpointContext, session: UploadSession): Promise<Answer> {
  const digest = digestIn(parameter(context, 'digest') ?? '');
  await receive(context, session);
  const found = await session.staged.digest(digest.startsWith('sha512:') ? 'sha512' : 'sha256');
  if (found !== digest) {
    await context.uploads.discard(session);
    throw new Refusal(400, 'DIGEST_INVALID', `expected content with digest ${digest}, found ${found}`);
  }
  const repository = await context.store.open(context.repository);
  await orDiscard(context, session, () => repository.blobs.commit(digest, session.staged));
  context.uploads.end(session);
  return blobCreated(context, digest);
}

/** The answer to a blob that is now here. */
export function blobCreated({ repository }: EndpointContext, digest: string): Answer {
  return answer(201, { Location: `/v2/${repository}/blobs/${digest}`, 'Docker-Content-Digest': digest });
}

async function receive(context: EndpointContext, session: UploadSession): Promise<void> {
  const { request, abilities } = context;
  const { staged } = session;
  checkChunk(request.headers, session, abilities.minChunkLength);
  for await (const bytes of request.body ?? []) {
    await orDiscard(context, session, async () => {
      if (staged.size + bytes.length > abilities.blobLimit)
        throw new Refusal(413, 'SIZE_INVALID', `expected at most ${abilities.blobLimit} bytes, found more`);
      await staged.append(bytes);
    });
  }
}

/** An upload that cannot be stored will not be finished: it makes room at once. One whose client went away may be gone on with. */
async function orDiscard(context: EndpointContext, session: UploadSession, store: () => Promise<void>): Promise<void> {
  try {
    await store();
  } catch (error) {
    await context.uploads.discard(session);
    throw error;
  }
}

/** A chunk begins where the last one ended and is as long as it says; else 416, and the session stays as it was. */
function checkChunk(headers: Headers, session: UploadSession, minimum: number): void {
  const header = headers.get('content-range');
  if (header === null) return;
  const range = parseChunkRange(header);
  const length = headers.get('content-length');
  const inOrder = range?.start === session.staged.size && range.end > range.start;
  if (!inOrder || (length !== null && Number(length) !== range.end - range.start))
    throw new Refusal(
      416,
      'RANGE_INVALID',
      `the next byte of this upload is ${session.staged.size}`,
      sessionHeaders(session),
    );
  if (minimum > 0 && session.chunks > 0 && session.lastChunk < minimum)
    throw new Refusal(416, 'SIZE_INVALID', `a chunk has at least ${minimum} bytes`, sessionHeaders(session));
  session.lastChunk = range.end - range.start;
}

function sessionAnswer({ abilities }: EndpointContext, status: number, session: UploadSession): Answer {
  const minimum = abilities.minChunkLength > 0 ? { 'OCI-Chunk-Min-Length': String(abilities.minChunkLength) } : {};
  return answer(status, { ...sessionHeaders(session), ...minimum });
}

/** The state in the query changes with every answer: a client that reuses an old Location is still understood. */
function sessionHeaders(session: UploadSession): Record<string, string> {
  const { repository, id, staged, chunks } = session;
  return {
    Location: `/v2/${repository}/blobs/uploads/${id}?_state=${chunks}.${staged.size}`,
    'Docker-Upload-UUID': id,
    Range: `0-${staged.size - 1}`,
  };
}
