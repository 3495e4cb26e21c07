import { type Descriptor, type Digest, parseDigest, type ReferrersOptions } from '@notarykit/oci/internal';
import type { RegistryResponse } from '../http/message.js';
import { protocolError, type RepositoryContext } from './context.js';
import { readLegacyReferrers } from './legacy-referrers.js';
import { checkEndIsSeen } from './list-end.js';
import { ofType } from './listed-type.js';
import { pagesOf, tooMany } from './pages.js';
import { askApi, requestPage } from './referrers-api.js';
import { entryOf, readReferrersTag } from './referrers-list.js';
import { entriesOfPage, kindOfPage } from './referrers-page.js';

/**
 * Lists referrers by the API, or by the tag schema where there is no API; each
 * entry once. Two entries of one digest that differ in type or size are both given: which of them is right, the content says. The filter is applied here alone: a
 * registry would filter by the type that it lists, which may be another than the manifest's.
 */
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
    const entry = entryOf(descriptor);
    if (seen.has(entry)) continue;
    if (seen.size >= most) throw tooMany(context, `more than ${most} referrers of ${subject.digest}`);
    seen.add(entry);
    const wanted = artifactType === undefined ? descriptor : await ofType(context, descriptor, artifactType, options);
    if (wanted !== undefined) yield wanted;
  }
}

async function* referrersOf(
  context: RepositoryContext,
  digest: Digest,
  options: ReferrersOptions,
): AsyncGenerator<Descriptor, void, void> {
  const api = await askApi(context, digest, options);
  if (api.kind !== 'none') yield* apiReferrers(context, digest, api.first, options);
  if (api.kind === 'full') return;
  yield* (await readReferrersTag(context, digest, options)).read(options);
  if (context.legacyReferrers) yield* readLegacyReferrers(context, digest, options);
}

async function* apiReferrers(
  context: RepositoryContext,
  digest: Digest,
  first: RegistryResponse,
  options: ReferrersOptions,
): AsyncGenerator<Descriptor, void, void> {
  const { referrersPages: pages } = context.limits;
  let given: RegistryResponse | undefined = first;
  const fetchPage = async (url: string): Promise<RegistryResponse> => {
    const page = given ?? (await requestPage(context, url, options));
    given = undefined;
    return page;
  };
  const what = `the list of referrers of ${digest}`;
  const beyond = () => checkEndIsSeen(context, what, options);
  for await (const response of pagesOf(context, first.url, fetchPage, { pages, what, beyond })) {
    if (response !== first && kindOfPage(digest, response) === 'other')
      throw protocolError(context, `a page of ${what} is not a list of manifests`);
    yield* entriesOfPage(context, digest, response, options);
  }
}
