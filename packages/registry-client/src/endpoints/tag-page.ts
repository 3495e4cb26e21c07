import type { CallOptions } from '@notarykit/common';
import { repositoryScope } from '../auth/scope.js';
import { RegistryError } from '../errors.js';
import type { RegistryResponse } from '../http/message.js';
import { type RepositoryContext, urlOf } from './context.js';

/** Which page of a tag list. */
export interface TagPage {
  /** Most tags on it; as many as the registry gives where there is none. */
  readonly size?: number | undefined;
  /** The tag before its first. */
  readonly after?: string | undefined;
}

/** URL of a page of `GET …/tags/list`. */
export function tagPageUrl(context: RepositoryContext, { size, after }: TagPage): string {
  const parts = { ...(size === undefined ? {} : { n: String(size) }), ...(after === undefined ? {} : { last: after }) };
  return urlOf(context, `tags/list?${new URLSearchParams(parts)}`);
}

/** The same page, its size left to the registry. */
export function withoutSize(url: string): string {
  const plain = new URL(url);
  plain.searchParams.delete('n');
  return plain.href;
}

/**
 * Whether a registry gives no page of that size: Quay answers 413 (PROJQUAY-6931), distribution and others 400 with the code of
 * distribution-spec, "Error Codes".
 */
export function asksForTooMany(error: unknown): boolean {
  if (!(error instanceof RegistryError)) return false;
  const { status, errors = [] } = error.detail ?? {};
  return status === 413 || errors.some(({ code }) => code === 'PAGINATION_NUMBER_INVALID');
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
