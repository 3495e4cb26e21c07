import { createLimiter, mapInOrder, quote } from '@notarykit/common/internal';
import type { ArtifactTrustOptions } from '@notarykit/trust-policy/internal';
import { type Audit, auditItem, viewsOf } from './audit/audit-item.js';
import {
  type AuditItem,
  type AuditSubject,
  type ItemOptions,
  itemsOfList,
  itemsOfRepository,
  itemsOfTags,
  resolveItem,
} from './audit/items.js';
import type { AuditVerifier } from './audit/judge.js';
import type { AuditRecorder } from './audit/record/entry.js';
import { recordSeen, type Seen } from './audit/record/see.js';
import type { AuditResult } from './audit/result.js';
import { NotaryKitError } from './errors.js';
import { callOptions } from './reference.js';
import type { Trust } from './trust.js';

/** Options of {@link audit}. */
export interface AuditOptions extends Omit<ArtifactTrustOptions, 'examine'> {
  /** Judges in place of `verify`: that of `createCachedVerifier`, whose cache many workers can share. */
  readonly verifier?: AuditVerifier;
  /** Asks of every manifest what this would say: another policy, another trust store, another date. The rest is as above. */
  readonly against?: Partial<Trust>;
  /** Manifests judged, and tags resolved, at a time. Default 4. */
  readonly concurrency?: number;
  /** Go on after the result with this cursor. */
  readonly after?: string;
  /**
   * End with the result of this cursor. With `after` it lets workers share an audit: each artifact is in the share of one of them. Any tag
   * may stand here, and in `after`, whether there is such a tag or not.
   */
  readonly until?: string;
  /**
   * Of a repository: `digest` (the default) resolves all tags first, and gives each artifact once with all its tags; what is remembered grows
   * with the number of tags. `none` gives a result for each tag as it is listed, so that an artifact with two tags comes twice; what is
   * remembered does not grow. It needs tags in byte order, as the distribution specification asks for, and refuses any other order.
   */
  readonly group?: 'digest' | 'none';
  /** Of a repository: which tags. Default: all but those that are lists of referrers. */
  readonly tags?: (tag: string) => boolean;
  /** Of a repository: most tags. Default 10,000. */
  readonly maxTags?: number;
  /** Of an image index: only the index, or each manifest in it that can run too (the default). */
  readonly platforms?: 'index' | 'both';
  /**
   * Keeps what was seen of every manifest, so that another policy can be tried on it later without a registry: a record of
   * `createAuditRecord`, or of `auditRecordFile` in a file. It says what `policy` said; `against` is not recorded.
   */
  readonly record?: AuditRecorder;
  readonly onProgress?: (progress: AuditProgress) => void;
}

/** How far an audit is. */
export interface AuditProgress {
  readonly done: number;
  /** Absent for a list whose end is not known. */
  readonly total?: number;
  /** The artifact that was audited last. */
  readonly result: AuditResult;
}

/**
 * Looks at every artifact of a repository, or of a list, without changing anything: what is unsigned or not trusted, platform by
 * platform; what ends when; and what would flip under another policy. Results come while the work goes on, in the order of first tags.
 *
 * An artifact that cannot be judged is a result with the verdict `undecided`; it does not end the audit. Leaving the loop ends all work.
 *
 * @throws {NotaryKitError} `ERR_NOTARYKIT_AUDIT` with more than `maxTags` tags, or for tags out of order with `group: 'none'`;
 *   `ERR_NOTARYKIT_ARGUMENT`
 * @throws errors of the repository while its tags are listed
 *
 * @example
 * ```ts
 * for await (const { tags, verdict, renewBy } of audit(repository, { policy, trustStore, revocation }))
 *   console.log(tags[0], verdict, renewBy?.time);
 * ```
 */
export async function* audit(
  subject: AuditSubject,
  options: AuditOptions,
): AsyncGenerator<AuditResult, void, undefined> {
  const call = callOptions(options);
  const { verifier, against, platforms = 'both', record: recorder, ...rest } = options;
  const { concurrency = 4, maxTags = 10_000, after, until, group = 'digest', tags, onProgress, ...trust } = rest;
  if (group !== 'digest' && group !== 'none')
    throw new NotaryKitError('ERR_NOTARYKIT_ARGUMENT', `group: expected "digest" or "none", found ${quote(group)}`);
  const viewOf = viewsOf(group);
  const how = { ...call, concurrency, maxTags, after, until, group, tags, viewOf };
  const found = await itemsOf(subject, how);
  const total = Array.isArray(found) ? { total: found.length } : {};
  const judging: Omit<Audit, 'trust' | 'see'> = {
    verifier,
    against,
    platforms,
    limit: createLimiter(concurrency),
    viewOf,
  };
  const work = async (
    item: AuditItem,
    { signal }: { readonly signal: AbortSignal },
  ): Promise<{ readonly result: AuditResult; readonly seen: readonly Seen[] } | undefined> => {
    const call = { signal: trust.signal ? AbortSignal.any([signal, trust.signal]) : signal };
    const resolved = await resolveItem(item, { ...how, ...call });
    if (resolved === undefined) return undefined;
    const seen: Seen[] = [];
    const see = recorder && ((one: Seen) => void seen.push(one));
    return { result: await auditItem(resolved, { ...judging, see, trust: { ...trust, ...call } }), seen };
  };
  let done = 0;
  for await (const audited of mapInOrder(found, concurrency, work)) {
    if (audited === undefined) continue;
    const { result, seen } = audited;
    if (recorder !== undefined) await recordSeen(recorder, seen, result);
    onProgress?.({ done: ++done, ...total, result });
    yield result;
  }
}

async function itemsOf(subject: AuditSubject, options: ItemOptions) {
  if (!('referrers' in subject)) return itemsOfList(subject, options);
  return options.group === 'none' ? itemsOfTags(subject, options) : itemsOfRepository(subject, options);
}
