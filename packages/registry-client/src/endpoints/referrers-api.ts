import type { CallOptions } from '@notarykit/common/internal';
import { type Digest, mediaTypes } from '@notarykit/oci/internal';
import { repositoryScope } from '../auth/scope.js';
import { RegistryError } from '../errors.js';
import type { RegistryResponse } from '../http/message.js';
import { errorCodesOf, type RepositoryContext, statusOf, urlOf } from './context.js';
import { entriesOfPage, kindOfPage } from './referrers-page.js';

/** What a registry's referrers API gives: all (`full`), a list that does not say what it is (`partial`: the tag counts too), or nothing. */
export type ReferrersApi =
  | { readonly kind: 'full' | 'partial'; readonly first: RegistryResponse }
  | { readonly kind: 'none' };

/** How long an answer about the referrers API is believed, in milliseconds. */
const unsupportedMs = 5 * 60 * 1000;
const none: ReferrersApi = { kind: 'none' };

/** Asks the API for the first page of a list. */
export async function askApi(context: RepositoryContext, digest: Digest, options: CallOptions): Promise<ReferrersApi> {
  const { state, referrersMode: mode } = context;
  if (mode === 'tag' || (mode === 'auto' && state.withoutReferrersApiUntil > performance.now())) return none;
  const found = await probe(context, digest, options);
  state.referrersApiSeen = found.kind === 'full';
  state.withoutReferrersApiUntil = found.kind === 'none' ? performance.now() + unsupportedMs : 0;
  if (mode !== 'api' || found.kind === 'full') return found;
  if (found.kind === 'partial') return { ...found, kind: 'full' };
  throw new RegistryError(
    'ERR_REGISTRY_UNSUPPORTED',
    `${context.registry}/${context.repository} has no referrers API`,
    {
      detail: { registry: context.registry, retryable: false },
    },
  );
}

/**
 * Whether the registry keeps the whole list itself; asked with a real digest, never concluded from a header alone (oci.md 1.8). Where
 * it answers with a list of the wrong type, other clients look under the tag: it is kept there too.
 */
export async function hasReferrersApi(
  context: RepositoryContext,
  digest: Digest,
  options: CallOptions,
): Promise<boolean> {
  if (context.referrersMode === 'auto' && context.state.referrersApiSeen) return true;
  return (await askApi(context, digest, options)).kind === 'full';
}

async function probe(context: RepositoryContext, digest: Digest, options: CallOptions): Promise<ReferrersApi> {
  let first: RegistryResponse;
  try {
    first = await requestPage(context, urlOf(context, `referrers/${digest}`), options);
  } catch (error) {
    if (saysUnsupported(error)) return none;
    throw error;
  }
  const kind = kindOfPage(digest, first);
  if (kind === 'other') return none;
  // What says that it is a list and cannot be read is an error: to look elsewhere would hide signatures.
  entriesOfPage(context, digest, first, {});
  return { kind: kind === 'declared' ? 'full' : 'partial', first };
}

/** `GET` of one page. */
export function requestPage(context: RepositoryContext, url: string, options: CallOptions): Promise<RegistryResponse> {
  return context.send({
    method: 'GET',
    url,
    shown: urlOf(context, 'referrers/…'),
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
  return status === 400 || status === 405 || status === 406 || status === 501;
}
