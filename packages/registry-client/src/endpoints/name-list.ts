import { type CallOptions, isJsonArray, isJsonObject, type JsonValue, parseJson } from '@notarykit/common/internal';
import type { RegistryResponse } from '../http/message.js';
import { protocolError, type RepositoryContext } from './context.js';
import { hiddenEnd } from './list-end.js';
import { asksForTooMany, type NamePage, withoutSize } from './name-page.js';
import { pagesOf, tooMany } from './pages.js';

/** Options of a list of names. */
export interface NameListOptions extends CallOptions {
  readonly pageSize?: number;
  readonly after?: string;
}

/** A paginated list of names. */
export interface NameList {
  /** Its name in messages. */
  readonly what: string;
  /** The member of a page that holds the names. */
  readonly member: 'tags' | 'repositories';
  urlOf(page: NamePage): string;
  fetchPage(url: string): Promise<RegistryResponse>;
  /** Throws for a name that is not valid. */
  check(name: string): unknown;
}

/** The names of a list, page by page; each name once. A registry that refuses the size of a page is asked without one. */
export async function* listNames(
  context: RepositoryContext,
  list: NameList,
  { pageSize, after }: NameListOptions,
): AsyncGenerator<string, void, void> {
  const { what, member } = list;
  const { tagPages: pages, tags: most } = context.limits;
  let size: number | undefined = pageSize ?? 1000;
  const fetchPage = async (url: string): Promise<RegistryResponse> => {
    try {
      return await list.fetchPage(url);
    } catch (error) {
      if (size === undefined || !asksForTooMany(error)) throw error;
      size = undefined;
      return await list.fetchPage(withoutSize(url));
    }
  };
  let continued = false;
  const beyond = (page: RegistryResponse): string | undefined => {
    continued = true;
    const last = parseNames(context, list, page).at(-1);
    return last === undefined ? undefined : list.urlOf({ size, after: last });
  };
  const seen = new Set<string>();
  for await (const page of pagesOf(context, list.urlOf({ size, after }), fetchPage, { pages, what, beyond })) {
    const names = parseNames(context, list, page);
    // A registry that repeats its names when asked for what comes after the last one does not know `last`.
    if (continued && names.length > 0 && names.every((name) => seen.has(name))) throw hiddenEnd(context, what);
    for (const name of names) {
      if (seen.has(name)) continue;
      if (seen.size >= most) throw tooMany(context, `${what} has more than ${most} ${member}`);
      seen.add(name);
      yield name;
    }
  }
}

function parseNames(
  context: RepositoryContext,
  { what, member, check }: NameList,
  { bytes }: RegistryResponse,
): readonly string[] {
  let document: JsonValue;
  try {
    document = parseJson(bytes);
  } catch (cause) {
    throw protocolError(context, `${what} is not JSON`, cause);
  }
  const names = isJsonObject(document) ? (document[member] ?? []) : undefined;
  if (!isJsonArray(names) || !names.every((name) => typeof name === 'string'))
    throw protocolError(context, `${what} has no array of ${member}`);
  for (const name of names) check(name as string);
  return names as readonly string[];
}
