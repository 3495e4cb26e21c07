import type { CallOptions } from '@notarykit/common/internal';
import { repositoryScope } from '../auth/scope.js';
import type { RegistryResponse } from '../http/message.js';
import { type RepositoryContext, urlOf } from './context.js';
import { type NamePage, pageQuery } from './name-page.js';

/** URL of a page of `GET …/tags/list`. */
export function tagPageUrl(context: RepositoryContext, page: NamePage): string {
  return urlOf(context, `tags/list?${pageQuery(page)}`);
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
