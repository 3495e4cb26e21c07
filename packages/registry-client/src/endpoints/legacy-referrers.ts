import { defined, isJsonObject, type JsonValue, parseJson, utf8 } from '@notarykit/common/internal';
import { type Descriptor, type Digest, parseReferrersList, type ReferrersOptions } from '@notarykit/oci/internal';
import { repositoryScope } from '../auth/scope.js';
import type { RegistryResponse } from '../http/message.js';
import { protocolError, type RepositoryContext, statusOf, urlOf } from './context.js';
import { checkEndIsSeen } from './list-end.js';
import { pagesOf } from './pages.js';

/**
 * Referrers as registries listed them before OCI 1.1 (oras-project/artifacts-spec, manifest-referrers-api.md): by the path of
 * v1.0.0-rc.1, else by that of draft.1. A registry that knows neither has none.
 */
export async function* readLegacyReferrers(
  context: RepositoryContext,
  digest: Digest,
  options: ReferrersOptions,
): AsyncGenerator<Descriptor, void, void> {
  const { origin, repository, limits } = context;
  const candidates = [
    [urlOf(context, `_oras/artifacts/referrers?digest=${encodeURIComponent(digest)}`), 'referrers'],
    [`${origin}/oras/artifacts/v1/${repository}/manifests/${digest}/referrers`, 'references'],
  ] as const;
  for (const [url, member] of candidates) {
    const first = await firstPage(context, url, options);
    if (first === undefined) continue;
    const fetchPage = (page: string) => (page === url ? Promise.resolve(first) : request(context, page, options));
    const what = `the ORAS list of referrers of ${digest}`;
    const bounds = { pages: limits.referrersPages, what, beyond: () => checkEndIsSeen(context, what, options) };
    for await (const { bytes } of pagesOf(context, url, fetchPage, bounds))
      yield* descriptorsOf(context, bytes, member, options);
    return;
  }
}

async function firstPage(
  context: RepositoryContext,
  url: string,
  options: ReferrersOptions,
): Promise<RegistryResponse | undefined> {
  try {
    return await request(context, url, options);
  } catch (error) {
    const status = statusOf(error) ?? 0;
    if (status === 400 || status === 404 || status === 405 || (status >= 300 && status < 400)) return undefined;
    throw error;
  }
}

function request(context: RepositoryContext, url: string, options: ReferrersOptions): Promise<RegistryResponse> {
  return context.send({
    method: 'GET',
    url,
    kind: 'probe',
    scopes: [repositoryScope(context.repository, 'pull')],
    expect: [200],
    limit: context.limits.manifestBytes,
    signal: options.signal,
  });
}

function descriptorsOf(
  context: RepositoryContext,
  bytes: Uint8Array,
  member: string,
  { onRefused }: ReferrersOptions,
): readonly Descriptor[] {
  let document: JsonValue;
  try {
    document = parseJson(bytes);
  } catch (cause) {
    throw protocolError(context, 'the ORAS list of referrers is not JSON', cause);
  }
  if (!isJsonObject(document)) throw protocolError(context, 'the ORAS list of referrers is not a JSON object');
  const manifests = document[member] ?? null;
  return parseReferrersList(utf8(JSON.stringify({ schemaVersion: 2, manifests })), defined({ onRefused }));
}
