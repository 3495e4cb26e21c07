import { type CallOptions, isJsonArray, isJsonObject, type JsonValue, parseJson } from '@notarykit/common';
import { checkTag } from '@notarykit/oci';
import type { RegistryResponse } from '../http/message.js';
import { protocolError, type RepositoryContext } from './context.js';
import { hiddenEnd } from './list-end.js';
import { pagesOf, tooMany } from './pages.js';
import { asksForTooMany, requestTagPage, tagPageUrl, withoutSize } from './tag-page.js';

/** Options of a tag list. */
export interface TagsOptions extends CallOptions {
  /** Tags asked for at a time; where the registry finds that too many, as many as it gives. Default 1,000. */
  readonly pageSize?: number;
  /** Begin after this tag. */
  readonly after?: string;
}

const what = 'the tag list';

/** `GET …/tags/list`, page by page; each tag once. */
export async function* listTags(context: RepositoryContext, options: TagsOptions): AsyncGenerator<string, void, void> {
  const { after } = options;
  let size: number | undefined = options.pageSize ?? 1000;
  const { tagPages: pages, tags: most } = context.limits;
  const seen = new Set<string>();
  const fetchPage = async (url: string): Promise<RegistryResponse> => {
    try {
      return await requestTagPage(context, url, options);
    } catch (error) {
      if (size === undefined || !asksForTooMany(error)) throw error;
      size = undefined;
      return await requestTagPage(context, withoutSize(url), options);
    }
  };
  let continued = false;
  const beyond = (page: RegistryResponse): string | undefined => {
    continued = true;
    const last = parseTags(context, page).at(-1);
    return last === undefined ? undefined : tagPageUrl(context, { size, after: last });
  };
  const first = tagPageUrl(context, { size, after });
  for await (const page of pagesOf(context, first, fetchPage, { pages, what, beyond })) {
    const tags = parseTags(context, page);
    // Whoever is asked for what comes after the last tag and names the same again has not understood.
    if (continued && tags.length > 0 && tags.every((tag) => seen.has(tag))) throw hiddenEnd(context, what);
    for (const tag of tags) {
      if (seen.has(tag)) continue;
      if (seen.size >= most) throw tooMany(context, `${what} has more than ${most} tags`);
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
