import { type Bytes, type CallOptions, copyBytes, defined, isJsonObject, parseJson } from '@notarykit/common/internal';
import {
  checkContent,
  checkTag,
  type Descriptor,
  type Digest,
  digestOf,
  isDigest,
  isManifestMediaType,
  isNotFound,
  manifestMediaTypes,
  OciError,
  parseDigest,
} from '@notarykit/oci/internal';
import { repositoryScope } from '../auth/scope.js';
import type { RegistryResponse } from '../http/message.js';
import { checkDigestHeader, mediaTypeOf, protocolError, type RepositoryContext, statusOf, urlOf } from './context.js';
import { immutableTag, saysImmutable } from './immutable-tag.js';
import { recall, remember } from './recent.js';

const accept = manifestMediaTypes.join(', ');

/** A manifest as the registry gave it, hashed. */
export interface ReceivedManifest {
  readonly descriptor: Descriptor;
  readonly bytes: Bytes;
  readonly etag: string | undefined;
}

/** `HEAD` of a manifest; registries that refuse HEAD are asked by GET. */
export async function manifestExists(
  context: RepositoryContext,
  digest: Digest,
  options: CallOptions,
): Promise<boolean> {
  parseDigest(digest);
  try {
    const response = await request(context, 'HEAD', digest, options);
    checkDigestHeader(context, response.headers.get('docker-content-digest'), digest);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    if (![400, 403, 405, 501].includes(statusOf(error) ?? 0)) throw error;
  }
  try {
    await getManifest(context, digest, options);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

function request(
  context: RepositoryContext,
  method: 'GET' | 'HEAD' | 'DELETE',
  reference: string,
  options: CallOptions,
): Promise<RegistryResponse> {
  const gone = method === 'DELETE';
  return context.send({
    method,
    url: urlOf(context, `manifests/${reference}`),
    kind: 'metadata',
    headers: gone ? {} : { accept },
    scopes: [repositoryScope(context.repository, gone ? 'delete,pull' : 'pull')],
    expect: gone ? [200, 202, 204] : [200],
    limit: gone ? 8192 : context.limits.manifestBytes,
    signal: options.signal,
  });
}

/** `GET` of a manifest by tag or digest. What was received and hashed counts: header and HEAD are only compared (threats P3, P4, H13). */
export async function getManifest(
  context: RepositoryContext,
  reference: string,
  options: CallOptions,
): Promise<ReceivedManifest> {
  const response = await request(context, 'GET', reference, options);
  const { bytes, headers } = response;
  const sent = mediaTypeOf(headers.get('content-type'));
  if (sent === undefined) throw protocolError(context, `manifest ${reference} has no Content-Type`);
  const mediaType = typeOf(sent, bytes);
  const asked = reference.includes(':') ? (reference as Digest) : undefined;
  const digest = digestOf(bytes, asked === undefined ? 'sha256' : parseDigest(asked).algorithm);
  if (asked !== undefined && digest !== asked) {
    throw new OciError(
      'ERR_OCI_DIGEST_MISMATCH',
      `${nameOf(context)}: asked for ${asked}, received content with ${digest}`,
    );
  }
  const header = headers.get('docker-content-digest');
  if (header !== null && header !== digest && isDigest(header)) {
    const { algorithm } = parseDigest(header);
    if (digestOf(bytes, algorithm) !== header) {
      throw new OciError(
        'ERR_OCI_DIGEST_MISMATCH',
        `${nameOf(context)}:${reference}: the registry says ${header}, the content has ${digest}`,
      );
    }
  }
  const etag = headers.get('etag') ?? undefined;
  if (etag !== undefined) context.state.etagsSeen = true;
  return { descriptor: { mediaType, digest, size: bytes.length }, bytes, etag };
}

/** Types that say nothing about a document: fronts and file servers send them. */
const saysNothing = new Set(['application/json', 'text/plain', 'application/octet-stream', 'binary/octet-stream']);

/** The type of a manifest: what it was sent as, or where that says nothing, what the document calls itself. */
function typeOf(sent: string, bytes: Bytes): string {
  if (!saysNothing.has(sent.toLowerCase())) return sent;
  try {
    const document = parseJson(bytes);
    const own = isJsonObject(document) ? document['mediaType'] : undefined;
    return typeof own === 'string' && isManifestMediaType(own) ? own : sent;
  } catch {
    return sent;
  }
}

const nameOf = ({ registry, repository }: RepositoryContext): string => `${registry}/${repository}`;

/** A manifest by its descriptor: digest, size and media type are those of the descriptor, or it is refused. */
export async function fetchManifestBytes(
  context: RepositoryContext,
  descriptor: Descriptor,
  options: CallOptions,
): Promise<Bytes> {
  parseDigest(descriptor.digest);
  const resolved = recall(context, 'resolved', descriptor);
  if (resolved !== undefined) {
    checkContent(descriptor, resolved);
    return resolved;
  }
  const { bytes, descriptor: found } = await getManifest(context, descriptor.digest, options);
  if (bytes.length !== descriptor.size) {
    throw new OciError(
      'ERR_OCI_SIZE_MISMATCH',
      `${nameOf(context)}@${descriptor.digest}: expected ${descriptor.size} bytes, found ${bytes.length}`,
    );
  }
  if (found.mediaType !== descriptor.mediaType && found.mediaType !== 'application/octet-stream') {
    throw new OciError(
      'ERR_OCI_INVALID',
      `${nameOf(context)}@${descriptor.digest}: expected media type ${descriptor.mediaType}, found ${found.mediaType.slice(0, 200)}`,
    );
  }
  return bytes;
}

/** The manifest that a tag or digest names now; its descriptor is made from the content itself. */
export async function fetchReference(
  context: RepositoryContext,
  reference: string,
  options: CallOptions,
): Promise<ReceivedManifest> {
  if (!isDigest(reference)) {
    if (reference.includes(':')) parseDigest(reference);
    checkTag(reference);
  }
  const found = await getManifest(context, reference, options);
  const { mediaType } = found.descriptor;
  if (!isManifestMediaType(mediaType)) {
    throw new OciError(
      'ERR_OCI_UNSUPPORTED',
      `${nameOf(context)}:${reference} has media type ${mediaType.slice(0, 200)}, which is not a manifest`,
    );
  }
  remember(context, 'resolved', found.descriptor, found.bytes);
  return found;
}

/** Conditions and results of a manifest write. */
export interface PutManifestOptions extends CallOptions {
  readonly ifMatch?: string;
  readonly ifNoneMatch?: '*';
  /** Tags that are to be set with it; only with a digest as the reference. */
  readonly tags?: readonly string[];
}

/** What a registry says of a write: the subject that it lists the manifest under, and the tags that it says to have set. */
export interface PutManifestAnswer {
  readonly subject: string | undefined;
  readonly tags: string | undefined;
}

/** `PUT` of a manifest by tag or digest: the exact bytes. */
export async function putManifest(
  context: RepositoryContext,
  descriptor: Descriptor,
  bytes: Bytes,
  reference: string,
  options: PutManifestOptions,
): Promise<PutManifestAnswer> {
  const { ifMatch, ifNoneMatch, tags = [], signal } = options;
  const query = tags.map((tag, i) => `${i === 0 ? '?' : '&'}tag=${encodeURIComponent(tag)}`).join('');
  const response = await context.send({
    method: 'PUT',
    url: urlOf(context, `manifests/${reference}${query}`),
    kind: 'metadata',
    headers: {
      'content-type': descriptor.mediaType,
      ...defined({ 'if-match': ifMatch, 'if-none-match': ifNoneMatch }),
    },
    body: { size: bytes.length, open: () => copyBytes(bytes), replayable: true },
    scopes: [repositoryScope(context.repository, 'pull,push')],
    expect: [200, 201, 202],
    limit: 8192,
    signal,
  });
  checkDigestHeader(context, response.headers.get('docker-content-digest'), descriptor.digest);
  const { headers } = response;
  return { subject: headers.get('oci-subject') ?? undefined, tags: headers.get('oci-tag') ?? undefined };
}

/** `DELETE` of a manifest by digest, or of a tag. */
export async function deleteManifest(
  context: RepositoryContext,
  reference: string,
  options: CallOptions,
): Promise<void> {
  await request(context, 'DELETE', reference, options);
}

/** Points a tag at a manifest; with `expected` only if it is there now, by compare-and-swap where the registry honours it. */
export async function putTag(
  context: RepositoryContext,
  descriptor: Descriptor,
  tag: string,
  options: CallOptions & { readonly ifMatch?: Digest | null },
): Promise<void> {
  checkTag(tag);
  const { ifMatch, ...call } = options;
  const condition = ifMatch === undefined ? {} : await checkTagIs(context, tag, ifMatch, call);
  const bytes = recall(context, 'pushed', descriptor) ?? (await fetchManifestBytes(context, descriptor, call));
  try {
    await putManifest(context, descriptor, bytes, tag, { ...call, ...condition });
  } catch (error) {
    // Immutable tags: a tag that has our digest already is what was asked for.
    if (![400, 403, 405, 409, 412].includes(statusOf(error) ?? 0)) throw error;
    const current = await currentTag(context, tag, call);
    if (current?.descriptor.digest === descriptor.digest) return;
    if (current !== undefined && saysImmutable(error))
      throw immutableTag(context, tag, current.descriptor.digest, error);
    if (statusOf(error) !== 412 || ifMatch === undefined) throw error;
    throw new OciError('ERR_OCI_CONFLICT', `${nameOf(context)}:${tag} was moved by another client meanwhile`, {
      cause: error,
    });
  }
}

/** Where a tag is now. */
export async function currentTag(
  context: RepositoryContext,
  tag: string,
  options: CallOptions,
): Promise<ReceivedManifest | undefined> {
  try {
    return await getManifest(context, tag, options);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Compares a tag with where it should be; gives the condition under which the registry compares once more, if it can. */
export async function checkTagIs(
  context: RepositoryContext,
  tag: string,
  expected: Digest | null,
  options: CallOptions,
): Promise<{ ifMatch?: string; ifNoneMatch?: '*' }> {
  const current = await currentTag(context, tag, options);
  const found = current?.descriptor.digest ?? null;
  if (found !== expected) {
    throw new OciError(
      'ERR_OCI_CONFLICT',
      `${nameOf(context)}:${tag}: expected ${expected ?? 'no such tag'}, found ${found ?? 'no such tag'}`,
    );
  }
  if (current?.etag !== undefined) return { ifMatch: current.etag };
  return current === undefined && context.state.etagsSeen ? { ifNoneMatch: '*' } : {};
}
