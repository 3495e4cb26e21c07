import { type CallOptions, isJsonArray, isJsonObject, type JsonValue, parseJson } from '@notarykit/common';
import { checkTag } from '@notarykit/oci';
import { repositoryScope } from '../auth/scope.js';
import type { RegistryResponse } from '../http/message.js';
import { protocolError, type RepositoryContext, urlOf } from './context.js';
import { pagesOf, tooMany } from './pages.js';

/** Options of a tag list. */
export interface TagsOptions extends CallOptions {
  /** Tags asked for at a time. Default 1,000. */
  readonly pageSize?: number;
  /** Begin after this tag. */
  readonly after?: string;
}

/** `GET …/tags/list`, page by page; each tag once. */
export async function* listTags(context: RepositoryContext, options: TagsOptions): AsyncGenerator<string, void, void> {
  const { pageSize = 1000, after, signal } = options;
  const query = new URLSearchParams({ n: String(pageSize), ...(after === undefined ? {} : { last: after }) });
  const { tagPages: pages, tags: most } = context.limits;
  const seen = new Set<string>();
  const fetchPage = (url: string): Promise<RegistryResponse> =>
    context.send({
      method: 'GET',
      url,
      shown: urlOf(context, 'tags/list'),
      kind: 'metadata',
      scopes: [repositoryScope(context.repository, 'pull')],
      expect: [200],
      limit: context.limits.manifestBytes,
      signal,
    });
  const first = urlOf(context, `tags/list?${query}`);
  for await (const page of pagesOf(context, first, fetchPage, { pages, what: 'the tag list' })) {
    for (const tag of parseTags(context, page)) {
      if (seen.has(tag)) continue;
      if (seen.size >= most) throw tooMany(context, `the tag list has more than ${most} tags`);
      seen.add(tag);
      yield tag;
    }
  }
}

function parseTags(context: RepositoryContext, { bytes }: RegistryResponse): readonly string[] {
  let document: JsonValue;
  try {
    document = parseJson(bytes);
  } catch (cause) {
    throw protocolError(context, 'the tag list is not JSON', cause);
  }
  const tags = isJsonObject(document) ? (document['tags'] ?? []) : undefined;
  if (!isJsonArray(tags) || !tags.every((tag) => typeof tag === 'string')) {
    throw protocolError(context, 'the tag list has no array of tags');
  }
  for (const tag of tags) checkTag(tag as string);
  return tags as readonly string[];
}
