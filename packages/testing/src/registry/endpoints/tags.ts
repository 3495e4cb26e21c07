import { type EndpointContext, existing, parameter } from '../context.js';
import { jsonAnswer, Refusal } from '../http/answers.js';
import type { Answer } from '../http/exchange.js';

/** GET of the tags, in byte order, page by page (distribution-spec, "Listing Tags"). */
export async function listTags(context: EndpointContext): Promise<Answer> {
  const repository = await existing(context);
  const { page, link } = pageOf(context, repository.sortedTags(), `/v2/${repository.name}/tags/list`);
  return jsonAnswer(200, { name: repository.name, tags: page }, link);
}

/** GET of the repositories, page by page: not in the specification, but everywhere in the field. */
export async function listRepositories(context: EndpointContext): Promise<Answer> {
  const names = (await context.store.names()).filter((name) => context.access.allows(name, 'pull'));
  const { page, link } = pageOf(context, names, '/v2/_catalog');
  return jsonAnswer(200, { repositories: page }, link);
}

function pageOf(context: EndpointContext, sorted: readonly string[], path: string) {
  const last = parameter(context, 'last') ?? '';
  const size = pageSize(context);
  const from = firstAfter(sorted, last);
  const page = sorted.slice(from, from + size);
  const more = size > 0 && sorted.length - from > size;
  const next = `${path}?n=${size}&last=${encodeURIComponent(page.at(-1) ?? '')}`;
  return { page, link: more ? { Link: `<${next}>; rel="next"` } : {} };
}

/** Where the names after this one begin, by bisection: a list is read page by page. */
function firstAfter(sorted: readonly string[], last: string): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((sorted[middle] as string) > last) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** `n`, never more than the registry's own page: an enormous `n` has brought servers down (CVE-2023-2253). */
function pageSize(context: EndpointContext): number {
  const asked = parameter(context, 'n');
  if (asked === undefined) return context.abilities.tagsPageSize;
  if (!/^\d+$/.test(asked)) throw new Refusal(400, 'PAGINATION_NUMBER_INVALID', 'expected n to be a number from 0');
  return Math.min(Number(asked), context.abilities.tagsPageSize);
}
