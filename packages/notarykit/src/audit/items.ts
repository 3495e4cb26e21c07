import type { GraphView } from '@notarykit/artifact-graph/internal';
import { type CallOptions, defined, mapConcurrent, quote } from '@notarykit/common/internal';
import type { Descriptor, Repository, TagLister } from '@notarykit/oci/internal';
import { NotaryKitError } from '../errors.js';
import type { ArtifactReference } from '../reference.js';
import { isIndex } from './is-index.js';
import { type AuditProblem, problemOf } from './judge.js';

/** A repository whose tags can be listed. */
export type AuditableRepository = Repository & TagLister;

/** One artifact of a list. */
export interface AuditTarget {
  readonly repository: Repository;
  readonly reference: ArtifactReference;
  /** What its result has as `tags`, unless the reference is a tag. Default none. */
  readonly tags?: readonly string[];
}

/** What is audited: everything that has a tag in a repository, or a list, of many repositories if need be. */
export type AuditSubject = AuditableRepository | Iterable<AuditTarget> | AsyncIterable<AuditTarget>;

/** One artifact to look at, once, whatever the number of its tags. */
export interface AuditItem {
  readonly repository: Repository;
  readonly reference: ArtifactReference;
  readonly tags: readonly string[];
  readonly cursor: string;
  /** Why its tag could not be resolved. */
  readonly problem?: AuditProblem;
  /** The reference is a tag as it was listed: nothing of it was asked for yet. */
  readonly listed?: true;
}

/** How items are found. */
export interface ItemOptions extends CallOptions {
  readonly concurrency: number;
  readonly after: string | undefined;
  readonly until: string | undefined;
  readonly group: 'digest' | 'none';
  readonly maxTags: number;
  readonly tags: ((tag: string) => boolean) | undefined;
  readonly viewOf: (repository: Repository) => GraphView;
}

/** The items of a list, each with its position as cursor. */
export async function* itemsOfList(
  list: Iterable<AuditTarget> | AsyncIterable<AuditTarget>,
  { after = '0', until }: ItemOptions,
): AsyncGenerator<AuditItem> {
  let position = 0;
  const first = positionIn('after', after);
  const last = until === undefined ? Number.POSITIVE_INFINITY : positionIn('until', until);
  if (first >= last) return;
  for await (const { repository, reference, tags = [] } of list) {
    position++;
    if (position > first) yield { repository, reference, tags, cursor: String(position) };
    // Nothing more is taken from the list, which may be a queue.
    if (position >= last) return;
  }
}

function positionIn(option: string, cursor: string): number {
  const position = Number(cursor);
  if (cursor !== '' && Number.isSafeInteger(position) && position >= 0) return position;
  throw new NotaryKitError('ERR_NOTARYKIT_ARGUMENT', `expected as "${option}" the cursor of a result of this list`);
}

/** Whether a tag is after the one cursor and not after the other. */
function isInShare(tag: string, { after, until }: ItemOptions): boolean {
  return (after === undefined || tag > after) && (until === undefined || tag <= until);
}

/**
 * Every tag as it is listed, which is its cursor. Nothing is remembered of those before: a repository that lists them in another order
 * than that of bytes would make cursors that skip some.
 */
export async function* itemsOfTags(repository: AuditableRepository, options: ItemOptions): AsyncGenerator<AuditItem> {
  let [last, count] = ['', 0];
  for await (const tag of listerOf(repository)(call(options))) {
    if (tag <= last) throw outOfOrder(repository, last, tag);
    last = tag;
    if (options.tags?.(tag) === false) continue;
    checkCount(repository, ++count, options);
    // To the end, whatever the share is: a tag of it could be listed late.
    if (isInShare(tag, options)) yield { repository, reference: tag, tags: [tag], cursor: tag, listed: true };
  }
}

/** An item of {@link itemsOfTags} with what its tag names, nothing for the tag of a list of referrers; any other item as it is. */
export async function resolveItem(item: AuditItem, options: ItemOptions): Promise<AuditItem | undefined> {
  if (item.listed !== true) return item;
  const resolved = await resolveTag(options.viewOf(item.repository), item.cursor, options);
  if (resolved === undefined) return undefined;
  const { descriptor, problem } = resolved;
  return { ...item, ...(descriptor && { reference: descriptor }), ...(problem && { problem }) };
}

/**
 * Every artifact that has a tag, in the order of its first tag, which is its cursor. All tags are resolved first, for only then is
 * it known which of them name the same.
 */
export async function itemsOfRepository(
  repository: AuditableRepository,
  options: ItemOptions,
): Promise<readonly AuditItem[]> {
  const tags = await listTags(repository, options);
  const resolved = await mapConcurrent(tags, options.concurrency, (tag) =>
    resolveTag(options.viewOf(repository), tag, options),
  );
  const groups = new Map<string, { reference: ArtifactReference; tags: string[]; problem?: AuditProblem }>();
  for (const each of resolved) {
    if (each === undefined) continue;
    const { tag, descriptor, problem } = each;
    const key = descriptor?.digest ?? `:${tag}`;
    const group = groups.get(key) ?? { reference: descriptor ?? tag, tags: [], ...(problem && { problem }) };
    group.tags.push(tag);
    groups.set(key, group);
  }
  return [...groups.values()]
    .map((group) => ({ ...group, repository, cursor: group.tags[0] ?? '' }))
    .filter(({ cursor }) => isInShare(cursor, options));
}

/** In byte order, which a registry need not keep; tags are ASCII. */
async function listTags(repository: AuditableRepository, options: ItemOptions): Promise<readonly string[]> {
  const tags = new Set<string>();
  for await (const tag of listerOf(repository)(call(options))) {
    if (options.tags?.(tag) === false) continue;
    tags.add(tag);
    checkCount(repository, tags.size, options);
  }
  return [...tags].sort((a, b) => (a < b ? -1 : 1));
}

function listerOf(repository: AuditableRepository): TagLister['tags'] {
  if (typeof repository.tags === 'function') return repository.tags.bind(repository);
  throw new NotaryKitError(
    'ERR_NOTARYKIT_ARGUMENT',
    `${repository.name} cannot list its tags: pass a list of { repository, reference } instead`,
  );
}

function checkCount({ name }: Repository, count: number, { maxTags }: ItemOptions): void {
  if (count > maxTags)
    throw new NotaryKitError(
      'ERR_NOTARYKIT_AUDIT',
      `${name} has more than ${maxTags} tags: raise "maxTags", or choose with "tags"`,
    );
}

function outOfOrder({ name }: Repository, last: string, tag: string): NotaryKitError {
  return new NotaryKitError(
    'ERR_NOTARYKIT_AUDIT',
    `${name} lists the tag ${quote(tag)} after ${quote(last)}, out of byte order: audit it with "group" at "digest", which sorts the tags`,
  );
}

interface ResolvedTag {
  readonly tag: string;
  readonly descriptor?: Descriptor;
  readonly problem?: AuditProblem;
}

async function resolveTag(view: GraphView, tag: string, options: ItemOptions): Promise<ResolvedTag | undefined> {
  try {
    const { mediaType, digest, size } = (await view.resolve(tag, call(options))).descriptor;
    const descriptor = { mediaType, digest, size };
    return (await isReferrersList(view, tag, descriptor, options)) ? undefined : { tag, descriptor };
  } catch (error) {
    options.signal?.throwIfAborted();
    return { tag, problem: problemOf(error) };
  }
}

/**
 * Whether a tag is of the referrers tag schema (distribution-spec, "Referrers Tag Schema"): no artifact, but a list kept under a
 * tag. An image index under such a name has platforms, and is audited like any other: the name alone hides nothing.
 */
async function isReferrersList(
  view: GraphView,
  tag: string,
  descriptor: Descriptor,
  options: ItemOptions,
): Promise<boolean> {
  if (!/^sha(256-[0-9a-f]{64}|512-[0-9a-f]{64,128})$/.test(tag) || !isIndex(descriptor)) return false;
  const { manifest } = await view.manifest(descriptor, call(options));
  return manifest.kind === 'index' && manifest.manifests.every(({ platform }) => platform === undefined);
}

function call({ signal }: CallOptions): CallOptions {
  return defined({ signal });
}
