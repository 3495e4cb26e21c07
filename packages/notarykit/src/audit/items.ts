import type { GraphView } from '@notarykit/artifact-graph';
import { type CallOptions, mapConcurrent } from '@notarykit/common';
import type { Descriptor, Repository, TagLister } from '@notarykit/oci';
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
}

/** How items are found. */
export interface ItemOptions extends CallOptions {
  readonly concurrency: number;
  readonly after: string | undefined;
  readonly maxTags: number;
  readonly tags: ((tag: string) => boolean) | undefined;
  readonly viewOf: (repository: Repository) => GraphView;
}

/** The items of a list, each with its position as cursor. */
export async function* itemsOfList(
  list: Iterable<AuditTarget> | AsyncIterable<AuditTarget>,
  { after }: ItemOptions,
): AsyncGenerator<AuditItem> {
  let position = 0;
  const seen = after === undefined ? 0 : Number(after);
  if (!Number.isSafeInteger(seen) || seen < 0)
    throw new NotaryKitError('ERR_NOTARYKIT_ARGUMENT', 'expected as "after" the cursor of a result of this list');
  for await (const { repository, reference } of list) {
    position++;
    if (position > seen) yield { repository, reference, tags: [], cursor: String(position) };
  }
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
  const { after } = options;
  return [...groups.values()]
    .map((group) => ({ ...group, repository, cursor: group.tags[0] ?? '' }))
    .filter(({ cursor }) => after === undefined || cursor > after);
}

/** In byte order, which a registry need not keep; tags are ASCII. */
async function listTags(repository: AuditableRepository, options: ItemOptions): Promise<readonly string[]> {
  if (typeof repository.tags !== 'function')
    throw new NotaryKitError(
      'ERR_NOTARYKIT_ARGUMENT',
      `${repository.name} cannot list its tags: pass a list of { repository, reference } instead`,
    );
  const tags = new Set<string>();
  for await (const tag of repository.tags(call(options))) {
    if (options.tags?.(tag) === false) continue;
    tags.add(tag);
    if (tags.size > options.maxTags)
      throw new NotaryKitError(
        'ERR_NOTARYKIT_AUDIT',
        `${repository.name} has more than ${options.maxTags} tags: raise "maxTags", or choose with "tags"`,
      );
  }
  return [...tags].sort((a, b) => (a < b ? -1 : 1));
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
  return signal === undefined ? {} : { signal };
}
