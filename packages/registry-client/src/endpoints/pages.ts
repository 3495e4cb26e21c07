import { RegistryError } from '../errors.js';
import { nextLink } from '../http/link.js';
import type { RegistryResponse } from '../http/message.js';
import { checkNextPage } from '../http/origin.js';
import { protocolError, type RepositoryContext } from './context.js';
import { showsItsEnd } from './list-end.js';

/** Bounds of a paged list. */
export interface PageLimits {
  readonly pages: number;
  readonly what: string;
  /** Where it is not seen whether a page is the last: what comes after it, nothing if it was; or the error that says so. */
  beyond(page: RegistryResponse): string | undefined | Promise<undefined>;
}

/** The pages of a list, lazily: each link stays on the registry's origin, no page comes twice, their number is bounded (threats P9). */
export async function* pagesOf(
  context: RepositoryContext,
  first: string,
  fetchPage: (url: string) => Promise<RegistryResponse>,
  limits: PageLimits,
): AsyncGenerator<RegistryResponse, void, void> {
  const seen = new Set<string>();
  for (let url: string | undefined = first; url !== undefined; ) {
    if (seen.size >= limits.pages) throw tooMany(context, `${limits.what} has more than ${limits.pages} pages`);
    if (seen.has(new URL(url).href)) throw tooMany(context, 'the pages of the list form a loop');
    seen.add(new URL(url).href);
    const response: RegistryResponse = await fetchPage(url);
    yield response;
    url = showsItsEnd(context, response) ? next(context, url, response) : await limits.beyond(response);
  }
}

function next(context: RepositoryContext, page: string, response: RegistryResponse): string | undefined {
  const link = nextLink(response.headers.get('link'));
  if (link.kind === 'end') return undefined;
  if (link.kind === 'unusable') {
    throw protocolError(
      context,
      `the Link header ${link.why}: expected <url>; rel="next" or no header, and without it the list would end too early`,
    );
  }
  const verdict = checkNextPage(page, link.target);
  if (!verdict.ok) {
    throw new RegistryError(
      'ERR_REGISTRY_REDIRECT',
      `${context.registry}/${context.repository}: the link to the next page ${verdict.why}: nothing was sent to it`,
      { detail: { registry: context.registry, retryable: false } },
    );
  }
  return verdict.url;
}

/** The error of a list that does not end. */
export function tooMany(context: RepositoryContext, message: string): RegistryError {
  return new RegistryError('ERR_REGISTRY_TOO_MANY_PAGES', `${context.registry}/${context.repository}: ${message}`, {
    detail: { registry: context.registry, retryable: false },
  });
}
