import type { CallOptions } from '@notarykit/common';
import {
  type Descriptor,
  type Digest,
  digestOf,
  mediaTypes,
  OciError,
  parseDigest,
  parseManifest,
  type ReferrersOptions,
} from '@notarykit/oci';
import { repositoryScope } from '../auth/scope.js';
import { RegistryError } from '../errors.js';
import type { RegistryResponse } from '../http/message.js';
import { errorCodesOf, mediaTypeOf, protocolError, type RepositoryContext, statusOf, urlOf } from './context.js';
import { readLegacyReferrers } from './legacy-referrers.js';
import { pagesOf, tooMany } from './pages.js';
import { readReferrersTag } from './referrers-tag.js';

/** How long an answer about the referrers API is believed. */
const unsupportedMs = 5 * 60 * 1000;

/** Lists referrers by the API, or by the tag schema where there is no API; filtered here in every case, each digest once. */
export async function* listReferrers(
  context: RepositoryContext,
  subject: Descriptor,
  options: ReferrersOptions,
): AsyncGenerator<Descriptor, void, void> {
  parseDigest(subject.digest);
  const { artifactType } = options;
  const most = context.limits.referrers;
  const seen = new Set<string>();
  for await (const descriptor of referrersOf(context, subject.digest, options)) {
    if (seen.has(descriptor.digest)) continue;
    if (seen.size >= most) throw tooMany(context, `more than ${most} referrers of ${subject.digest}`);
    seen.add(descriptor.digest);
    if (artifactType === undefined || descriptor.artifactType === artifactType) yield descriptor;
  }
}

async function* referrersOf(
  context: RepositoryContext,
  digest: Digest,
  options: ReferrersOptions,
): AsyncGenerator<Descriptor, void, void> {
  const first = await firstPage(context, digest, options);
  if (first === undefined) {
    yield* (await readReferrersTag(context, digest, options)).manifests;
    if (context.legacyReferrers) yield* await readLegacyReferrers(context, digest, options);
    return;
  }
  const { referrersPages: pages } = context.limits;
  let given: RegistryResponse | undefined = first;
  const fetchPage = async (url: string): Promise<RegistryResponse> => {
    const page = given ?? (await request(context, url, options));
    given = undefined;
    return page;
  };
  const what = `the list of referrers of ${digest}`;
  for await (const page of pagesOf(context, first.url, fetchPage, { pages, what })) {
    const index = page === first ? parseIndex(page) : parsePage(context, page);
    yield* index;
  }
}

function parseIndex(page: RegistryResponse): readonly Descriptor[] {
  const manifest = parseManifest(page.bytes, mediaTypes.imageIndex);
  return manifest.kind === 'index' ? manifest.manifests : [];
}

function parsePage(context: RepositoryContext, page: RegistryResponse): readonly Descriptor[] {
  if (!mayBeIndex(page)) {
    throw protocolError(context, 'a page of the referrers list is no OCI index');
  }
  return parseIndex(page);
}

/** Another type is another thing; without a type the body decides, for reading it as "no referrers" would lose signatures. */
function mayBeIndex({ headers }: RegistryResponse): boolean {
  const type = mediaTypeOf(headers.get('content-type'));
  return type === undefined || type === mediaTypes.imageIndex;
}

/** The first page by the API, `undefined` when this registry keeps referrers under tags. */
async function firstPage(
  context: RepositoryContext,
  digest: Digest,
  options: ReferrersOptions,
): Promise<RegistryResponse | undefined> {
  if (!mayHaveApi(context)) return undefined;
  const filter = options.artifactType === undefined ? '' : `?artifactType=${encodeURIComponent(options.artifactType)}`;
  const response = await probe(context, `${urlOf(context, `referrers/${digest}`)}${filter}`, digest, options);
  const supported = response !== undefined;
  if (!supported && context.referrersMode === 'api') {
    throw new RegistryError(
      'ERR_REGISTRY_UNSUPPORTED',
      `${context.registry}/${context.repository} has no referrers API`,
      {
        detail: { registry: context.registry, retryable: false },
      },
    );
  }
  context.state.referrersApi = { supported, until: supported ? Number.POSITIVE_INFINITY : Date.now() + unsupportedMs };
  return response;
}

function mayHaveApi({ referrersMode, state }: RepositoryContext): boolean {
  if (referrersMode === 'tag') return false;
  const known = state.referrersApi;
  return known === undefined || known.supported || known.until <= Date.now() || referrersMode === 'api';
}

/** Whether the registry keeps referrers itself; asked with a real digest, never concluded from a header alone (oci.md 1.8). */
export async function hasReferrersApi(
  context: RepositoryContext,
  digest: Digest,
  options: CallOptions,
): Promise<boolean> {
  const known = context.state.referrersApi;
  if (context.referrersMode === 'auto' && known?.supported === true) return true;
  return (await firstPage(context, digest, options)) !== undefined;
}

async function probe(
  context: RepositoryContext,
  url: string,
  digest: Digest,
  options: CallOptions,
): Promise<RegistryResponse | undefined> {
  let response: RegistryResponse;
  try {
    response = await request(context, url, options);
  } catch (error) {
    if (saysUnsupported(error)) return undefined;
    throw error;
  }
  if (!mayBeIndex(response)) return undefined;
  // GitLab resolves the tag-like path to the image itself (oras-project/oras#2148).
  if (digestOf(response.bytes, parseDigest(digest).algorithm) === digest) return undefined;
  try {
    parseIndex(response);
    return response;
  } catch (error) {
    if (error instanceof OciError && error.code !== 'ERR_OCI_INVALID') throw error;
    throw protocolError(
      context,
      `the list of referrers of ${digest} cannot be read: ${(error as Error).message}`,
      error,
    );
  }
}

function request(context: RepositoryContext, url: string, options: CallOptions): Promise<RegistryResponse> {
  return context.send({
    method: 'GET',
    url,
    kind: 'probe',
    headers: { accept: mediaTypes.imageIndex },
    scopes: [repositoryScope(context.repository, 'pull')],
    expect: [200],
    limit: context.limits.manifestBytes,
    signal: options.signal,
  });
}

function saysUnsupported(error: unknown): boolean {
  const status = statusOf(error) ?? 0;
  if (status >= 300 && status < 400) return true;
  if (status === 404) return !errorCodesOf(error).includes('NAME_UNKNOWN');
  return status === 400 || status === 405 || status === 501;
}
