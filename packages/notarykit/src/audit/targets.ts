import type { AuditOptions } from '../audit.js';
import { viewsOf } from './audit-item.js';
import { type AuditableRepository, type AuditTarget, itemsOfRepository } from './items.js';

/** Options of {@link auditTargets}: those of `audit` that choose artifacts. */
export type AuditTargetsOptions = Pick<AuditOptions, 'after' | 'concurrency' | 'maxTags' | 'signal' | 'tags' | 'until'>;

/**
 * What `audit` of this repository judges, one entry for each artifact with all its tags, in the order of first tags: to share the work
 * among processes, each of which audits a part of the list. A tag that cannot be resolved is an entry that names the tag.
 *
 * @throws {NotaryKitError} `ERR_NOTARYKIT_AUDIT` with more than `maxTags` tags; `ERR_NOTARYKIT_ARGUMENT`
 * @throws errors of the repository while its tags are listed
 *
 * @example
 * ```ts
 * for (const { reference, tags } of await auditTargets(repository)) await queue.add('audit', { reference, tags });
 * ```
 */
export async function auditTargets(
  repository: AuditableRepository,
  { concurrency = 4, maxTags = 10_000, after, until, tags, signal }: AuditTargetsOptions = {},
): Promise<readonly AuditTarget[]> {
  const share = { after, until, group: 'digest', tags } as const;
  const how = { concurrency, maxTags, ...share, ...(signal && { signal }), viewOf: viewsOf('digest') };
  const items = await itemsOfRepository(repository, how);
  return items.map((item) => ({ repository, reference: item.reference, tags: item.tags }));
}
