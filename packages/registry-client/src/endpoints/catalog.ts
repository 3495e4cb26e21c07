import { type CallOptions, isJsonArray, isJsonObject, type JsonValue, parseJson } from '@notarykit/common';
import { checkRepositoryName } from '@notarykit/oci';
import type { RegistryResponse } from '../http/message.js';
import { protocolError, type RepositoryContext } from './context.js';
import { hiddenEnd } from './list-end.js';
import { pagesOf, tooMany } from './pages.js';

/** Options of a list of repositories. */
export interface RepositoriesOptions extends CallOptions {
  /** Repositories asked for at a time. Default 1,000. */
  readonly pageSize?: number;
  /** Begin after this repository. */
  readonly after?: string;
}

const what = 'the list of repositories';

/** `GET /v2/_catalog`, page by page; each repository once. Not in distribution-spec, but many registries have it. */
export async function* listRepositories(
  context: RepositoryContext,
  { pageSize = 1000, after, signal }: RepositoriesOptions,
): AsyncGenerator<string, void, void> {
  const { tagPages: pages, tags: most } = context.limits;
  const pageUrl = (last: string | undefined): string =>
    `${context.api}/_catalog?${new URLSearchParams({ n: String(pageSize), ...(last === undefined ? {} : { last }) })}`;
  const fetchPage = (url: string): Promise<RegistryResponse> => requestPage(context, url, { signal });
  let continued = false;
  const beyond = (page: RegistryResponse): string | undefined => {
    continued = true;
    const last = parseNames(context, page).at(-1);
    return last === undefined ? undefined : pageUrl(last);
  };
  const seen = new Set<string>();
  for await (const page of pagesOf(context, pageUrl(after), fetchPage, { pages, what, beyond })) {
    const names = parseNames(context, page);
    if (continued && names.length > 0 && names.every((name) => seen.has(name))) throw hiddenEnd(context, what);
    for (const name of names) {
      if (seen.has(name)) continue;
      if (seen.size >= most) throw tooMany(context, `${what} has more than ${most} repositories`);
      seen.add(name);
      yield name;
    }
  }
}

function requestPage(
  context: RepositoryContext,
  url: string,
  { signal }: { readonly signal: AbortSignal | undefined },
): Promise<RegistryResponse> {
  return context.send({
    method: 'GET',
    url,
    shown: `${context.api}/_catalog`,
    kind: 'metadata',
    scopes: ['registry:catalog:*'],
    expect: [200],
    limit: context.limits.manifestBytes,
    signal,
  });
}

function parseNames(context: RepositoryContext, { bytes }: RegistryResponse): readonly string[] {
  let document: JsonValue;
  try {
    document = parseJson(bytes);
  } catch (cause) {
    throw protocolError(context, `${what} is not JSON`, cause);
  }
  const names = isJsonObject(document) ? (document['repositories'] ?? []) : undefined;
  if (!isJsonArray(names) || !names.every((name) => typeof name === 'string'))
    throw protocolError(context, `${what} has no array of repositories`);
  for (const name of names) checkRepositoryName(name as string);
  return names as readonly string[];
}
