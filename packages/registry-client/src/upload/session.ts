import { defined } from '@notarykit/common/internal';
import type { Descriptor } from '@notarykit/oci/internal';
import { repositoryScope } from '../auth/scope.js';
import { checkDigestHeader, protocolError, type RepositoryContext, urlOf } from '../endpoints/context.js';
import { RegistryError } from '../errors.js';
import { type RegistryResponse, type RequestBody, whereHidden } from '../http/message.js';
import { checkLocation, withDigest } from '../http/origin.js';
import { parseUploadRange } from '../http/range.js';
import { chosenBySomebody } from '../http/url.js';

/** An upload under way at the registry: where its next request goes and how much is stored there. */
export interface UploadSession {
  readonly location: string;
  /** Bytes that the registry has. */
  readonly offset: number;
}

/** A session as its answers describe it. */
export interface OpenSession extends UploadSession {
  readonly minChunk: number;
}

const scopes = (context: RepositoryContext): string[] => [repositoryScope(context.repository, 'pull,push')];

/** The next location of an upload, checked before anything is sent there (threats H2). */
export function nextLocation(context: RepositoryContext, request: string, header: string | null, hint = ''): string {
  const verdict = checkLocation(request, header, context.uploadHosts);
  if (verdict.ok) return verdict.url;
  throw new RegistryError(
    'ERR_REGISTRY_REDIRECT',
    `${context.registry}/${context.repository}: the Location of the upload ${verdict.why}: nothing was sent to it${hint}`,
    { detail: { registry: context.registry, retryable: false } },
  );
}

/** Where an upload that has just begun goes on. */
export function firstLocation(context: RepositoryContext, response: RegistryResponse): string {
  const header = response.headers.get('location');
  return nextLocation(context, response.url, header, header === null ? whereHidden(response, 'Location') : '');
}

/** `POST …/blobs/uploads/`: begins an upload. */
export async function startUpload(context: RepositoryContext, signal?: AbortSignal): Promise<OpenSession> {
  const url = urlOf(context, 'blobs/uploads/');
  const response = await context.send({
    method: 'POST',
    url,
    kind: 'metadata',
    headers: { 'content-length': '0' },
    scopes: scopes(context),
    expect: [202],
    limit: 8192,
    signal,
  });
  const minimum = Number(response.headers.get('oci-chunk-min-length') ?? '0');
  return {
    location: firstLocation(context, response),
    offset: 0,
    minChunk: Number.isSafeInteger(minimum) && minimum > 0 ? Math.min(minimum, 2 ** 30) : 0,
  };
}

/** `GET <location>`: what the registry has of an upload. */
export async function uploadStatus(
  context: RepositoryContext,
  location: string,
  signal?: AbortSignal,
): Promise<UploadSession> {
  const response = await context.send({
    method: 'GET',
    url: location,
    shown: chosenBySomebody(location),
    kind: 'metadata',
    scopes: scopes(context),
    expect: [200, 204],
    limit: 8192,
    signal,
  });
  const header = response.headers.get('location');
  const end = parseUploadRange(response.headers.get('range'));
  return {
    location: header === null ? location : nextLocation(context, location, header),
    // No range means an empty session; "0-0" is ambiguous and read as empty, for sending a byte again is refused, losing one is not.
    offset: end === undefined || end <= 0 ? 0 : end + 1,
  };
}

/** `DELETE <location>`: gives an upload up. A registry that cannot is ignored. */
export async function cancelUpload(context: RepositoryContext, location: string): Promise<void> {
  await context
    .send({
      method: 'DELETE',
      url: location,
      shown: chosenBySomebody(location),
      kind: 'metadata',
      scopes: scopes(context),
      expect: [200, 202, 204],
      limit: 8192,
      retry: false,
      signal: AbortSignal.timeout(2000),
    })
    .catch(() => undefined);
}

/** `PATCH <location>`: sends a chunk, or with `range` undefined a stream. */
export async function patchUpload(
  context: RepositoryContext,
  location: string,
  body: RequestBody,
  range: string | undefined,
  signal?: AbortSignal,
): Promise<RegistryResponse> {
  return await context.send({
    method: 'PATCH',
    url: location,
    shown: chosenBySomebody(location),
    kind: 'upload',
    headers: { 'content-type': 'application/octet-stream', ...defined({ 'content-range': range }) },
    body,
    scopes: scopes(context),
    expect: [200, 201, 202, 204],
    limit: 8192,
    retry: false,
    signal,
  });
}

/** `PUT <location>?digest=`: ends an upload, with the whole content or with nothing left to send. */
export async function finishUpload(
  context: RepositoryContext,
  location: string,
  descriptor: Pick<Descriptor, 'digest'>,
  body: RequestBody | undefined,
  signal?: AbortSignal,
): Promise<void> {
  const response = await context.send({
    method: 'PUT',
    url: withDigest(location, descriptor.digest),
    shown: chosenBySomebody(location),
    kind: 'upload',
    headers: body === undefined ? { 'content-length': '0' } : { 'content-type': 'application/octet-stream' },
    ...defined({ body }),
    scopes: scopes(context),
    expect: [200, 201, 202, 204],
    limit: 8192,
    retry: false,
    signal,
  });
  if (response.status === 202)
    throw protocolError(context, 'the registry accepted the whole content and then asked for more');
  checkDigestHeader(context, response.headers.get('docker-content-digest'), descriptor.digest);
}
