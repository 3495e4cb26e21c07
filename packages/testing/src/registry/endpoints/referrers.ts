import { utf8 } from '@notarykit/common/internal';
import { type Descriptor, mediaTypes } from '@notarykit/oci/internal';
import { digestIn, type EndpointContext, parameter } from '../context.js';
import { bytesAnswer, Refusal } from '../http/answers.js';
import type { Answer } from '../http/exchange.js';
import { type ManifestRecord, referrerDescriptor } from '../store/manifest-facts.js';

const maxPageBytes = 4 * 1024 * 1024;

/** GET of the referrers of a digest (distribution-spec, "Listing Referrers"): an empty index for an unknown one. */
export async function listReferrers(context: EndpointContext): Promise<Answer> {
  const { abilities, reference } = context;
  if (abilities.referrers !== 'api') throw new Refusal(404, 'UNSUPPORTED', 'this registry has no referrers API');
  const digest = digestIn(reference);
  const repository = await context.store.find(context.repository);
  const all = repository === undefined ? [] : repository.referrers(digest);
  const wanted = parameter(context, 'artifactType');
  const list =
    abilities.referrersFilter === 'applied' ? all.filter((one) => !wanted || one.artifactType === wanted) : all;
  const { page, link } = pageOf(context, list);
  const filtered = wanted !== undefined && abilities.referrersFilter !== 'ignored';
  const index = { schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: page };
  return bytesAnswer(
    200,
    {
      'Content-Type': mediaTypes.imageIndex,
      'OCI-Filters-Applied': filtered ? 'artifactType' : undefined,
      Link: link,
    },
    utf8(JSON.stringify(index)),
  );
}

function pageOf(context: EndpointContext, list: readonly ManifestRecord[]) {
  const from = Number(parameter(context, 'from') ?? 0);
  if (!Number.isSafeInteger(from) || from < 0)
    throw new Refusal(400, 'PAGINATION_NUMBER_INVALID', 'not one of our links');
  const page = fill(list, from, context.abilities.referrersPageSize);
  const next = from + page.length;
  if (next >= list.length) return { page, link: undefined };
  const query = new URLSearchParams({ from: String(next) });
  const artifactType = parameter(context, 'artifactType');
  if (artifactType !== undefined) query.set('artifactType', artifactType);
  return { page, link: `</v2/${context.repository}/referrers/${context.reference}?${query}>; rel="next"` };
}

/** As many descriptors as a page may have; one at least, so that every page gets further. */
function fill(list: readonly ManifestRecord[], from: number, count: number): Descriptor[] {
  const page: Descriptor[] = [];
  let bytes = 0;
  for (let i = from; i < list.length; i++) {
    const descriptor = referrerDescriptor(list[i] as ManifestRecord);
    bytes += JSON.stringify(descriptor).length + 1;
    if (page.length > 0 && (page.length >= count || bytes > maxPageBytes - 256)) break;
    page.push(descriptor);
  }
  return page;
}
