import type { CallOptions } from '@notarykit/common/internal';
import { checkRepositoryName } from '@notarykit/oci/internal';
import type { RegistryResponse } from '../http/message.js';
import type { RepositoryContext } from './context.js';
import { listNames, type NameList } from './name-list.js';
import { pageQuery } from './name-page.js';

/** Options of a list of repositories. */
export interface RepositoriesOptions extends CallOptions {
  /** Repositories asked for at a time; where the registry finds that too many, as many as it gives. Default 1,000. */
  readonly pageSize?: number;
  /** Begin after this repository. */
  readonly after?: string;
}

/** `GET /v2/_catalog`, page by page; each repository once. Not in distribution-spec, but many registries have it. */
export function listRepositories(
  context: RepositoryContext,
  options: RepositoriesOptions,
): AsyncGenerator<string, void, void> {
  const list: NameList = {
    what: 'the list of repositories',
    member: 'repositories',
    urlOf: (page) => `${context.api}/_catalog?${pageQuery(page)}`,
    fetchPage: (url) => requestPage(context, url, options),
    check: checkRepositoryName,
  };
  return listNames(context, list, options);
}

function requestPage(context: RepositoryContext, url: string, { signal }: CallOptions): Promise<RegistryResponse> {
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
