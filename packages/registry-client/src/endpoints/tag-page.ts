import type { CallOptions } from '@notarykit/common';
import { repositoryScope } from '../auth/scope.js';
import type { RegistryResponse } from '../http/message.js';
import { type RepositoryContext, urlOf } from './context.js';

/** Which page of a tag list. */
export interface TagPage {
  /** Most tags on it. */
  readonly size: number;
  /** The tag before its first. */
  readonly after?: string | undefined;
}

/** URL of a page of `GET …/tags/list`. */
export function tagPageUrl(context: RepositoryContext, { size, after }: TagPage): string {
  const query = new URLSearchParams({ n: String(size), ...(after === undefined ? {} : { last: after }) });
  return urlOf(context, `tags/list?${query}`);
}

/** `GET` of one page. */
export function requestTagPage(
  context: RepositoryContext,
  url: string,
  { signal }: CallOptions,
): Promise<RegistryResponse> {
  return context.send({
    method: 'GET',
    url,
    shown: urlOf(context, 'tags/list'),
    kind: 'metadata',
    scopes: [repositoryScope(context.repository, 'pull')],
    expect: [200],
    limit: context.limits.manifestBytes,
    signal,
  });
}
