import { type CallOptions, defined } from '@notarykit/common/internal';
import {
  type ContentDeleter,
  checkTag,
  type Descriptor,
  type Digest,
  isNotFound,
  type Repository,
  type TagResolver,
} from '@notarykit/oci/internal';
import { callOptions } from './call-options.js';
import { checkComplete } from './complete.js';
import { GraphError } from './errors.js';
import type { TagGuard, TagOutcome } from './tag-outcome.js';
import type { ArtifactReference } from './view/resolve.js';
import { openGraph } from './view/view.js';

/** Options of {@link tagArtifact} and {@link untagArtifact}. */
export interface UpdateTagOptions extends CallOptions {
  /** Change the tag only if it points here now; `null`: only if there is no such tag. It holds for each of several tags. */
  readonly ifMatch?: Digest | null;
}

/** Options of {@link tagArtifact}. */
export interface TagArtifactOptions extends UpdateTagOptions {
  /** Whether all that the artifact names must be there before it is tagged. Default true. */
  readonly complete?: boolean;
}

/** An artifact and its tags. */
export interface TaggedArtifact {
  readonly descriptor: Descriptor;
  readonly tags: readonly TagOutcome[];
}

/**
 * Points tags at a manifest that is in the repository: several in one step where the registry can, else in the order given. A tag is never set to a graph with holes. With `ifMatch` all
 * tags are looked at before the first is set.
 *
 * @throws {GraphError} `ERR_GRAPH_INCOMPLETE`, `ERR_GRAPH_REFERENCE`; `ERR_GRAPH_TAG` if `ifMatch` does not hold, another writer took a
 *   tag, or one failed after others were set: `detail.changed` lists those
 * @throws {OciError} `ERR_OCI_NOT_FOUND`, `ERR_OCI_INVALID`
 *
 * @example
 * ```ts
 * await tagArtifact(repository, digest, ['v1', 'latest']);
 * ```
 */
export async function tagArtifact(
  repository: Repository,
  reference: ArtifactReference,
  tags: string | readonly string[],
  options: TagArtifactOptions = {},
): Promise<TaggedArtifact> {
  const names = typeof tags === 'string' ? [tags] : tags;
  for (const tag of names) checkTag(tag);
  const view = openGraph(repository);
  const { descriptor } = await view.resolve(reference, callOptions(options));
  if (options.complete !== false) await checkComplete(view, repository, descriptor, callOptions(options));
  return { descriptor, tags: await setTags(repository, descriptor, names, options) };
}

/** @internal Several tags at one manifest: all are looked at before the first is set. */
export async function setTags(
  repository: TagResolver,
  descriptor: Descriptor,
  tags: readonly string[],
  options: UpdateTagOptions,
): Promise<readonly TagOutcome[]> {
  const names = [...new Set(tags)];
  if (names.length > 1) await checkTags(repository, names, options);
  const together = await setTogether(repository, descriptor, names, options);
  const outcomes: TagOutcome[] = [...together];
  const rest = names.filter((name) => !together.some(({ tag }) => tag === name));
  for (const tag of rest) {
    try {
      outcomes.push(await setTag(repository, descriptor, tag, options));
    } catch (error) {
      throw partly(error, tag, outcomes, options);
    }
  }
  return outcomes.sort((a, b) => names.indexOf(a.tag) - names.indexOf(b.tag));
}

/** What the repository could set in one step. Where that fails, what is there afterwards counts. */
async function setTogether(
  repository: TagResolver,
  descriptor: Descriptor,
  tags: readonly string[],
  options: UpdateTagOptions,
): Promise<readonly TagOutcome[]> {
  if (repository.tagTogether === undefined || tags.length < 2) return [];
  const after = descriptor.digest;
  const guard = options.ifMatch === undefined ? 'none' : 'checked';
  const before = new Map<string, Digest | null>();
  for (const tag of tags) before.set(tag, await current(repository, tag, options));
  const moving = tags.filter((tag) => before.get(tag) !== after);
  if (moving.length < 2) return [];
  const outcome = (tag: string): TagOutcome => ({ tag, before: before.get(tag) ?? null, after, changed: true, guard });
  const match = defined({ ifMatch: options.ifMatch });
  try {
    const set = await repository.tagTogether(descriptor, moving, { ...callOptions(options), ...match });
    return set.map(outcome);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    const found = await whichAre(repository, moving, after, options);
    const [tag, ...others] = moving.filter((one) => !found.includes(one));
    if (tag === undefined) return found.map(outcome);
    let why = error;
    for (const one of [tag, ...others]) if (why === error) why = await lostRace(repository, one, options, error);
    throw partly(why, tag, found.map(outcome), options);
  }
}

/** The tags that are at a digest; one that cannot be read is not known to be. */
async function whichAre(
  repository: TagResolver,
  tags: readonly string[],
  digest: Digest,
  options: CallOptions,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const tag of tags) {
    const there = await current(repository, tag, options).catch(() => null);
    if (there === digest) found.push(tag);
  }
  return found;
}

/** @internal Whether all tags are where `ifMatch` says. */
export async function checkTags(
  repository: TagResolver,
  tags: readonly string[],
  options: UpdateTagOptions,
): Promise<void> {
  if (options.ifMatch === undefined) return;
  for (const tag of tags) checkMatch(repository, tag, await current(repository, tag, options), options);
}

/** What stopped the second tag or a later one, with what had become of those before. An abort stays what the caller made it. */
function partly(error: unknown, tag: string, outcomes: readonly TagOutcome[], { signal }: CallOptions): unknown {
  const changed = outcomes.filter((outcome) => outcome.changed);
  if (changed.length === 0 || signal?.aborted) return error;
  const why = error instanceof Error ? error.message : String(error);
  const names = changed.map((outcome) => outcome.tag).join(', ');
  const detail = error instanceof GraphError ? error.detail : {};
  return new GraphError('ERR_GRAPH_TAG', `${tag} was not set, ${names} had been: ${why}`, {
    cause: error,
    detail: { ...detail, tag, changed },
  });
}

/** @internal */
export async function setTag(
  repository: TagResolver,
  descriptor: Descriptor,
  tag: string,
  options: UpdateTagOptions,
): Promise<TagOutcome> {
  const before = await current(repository, tag, options);
  const guard = guardOf(repository, options);
  checkMatch(repository, tag, before, options);
  const after = descriptor.digest;
  if (before === after) return { tag, before, after, changed: false, guard };
  const match = defined({ ifMatch: options.ifMatch });
  try {
    await repository.tag(descriptor, tag, { ...callOptions(options), ...match });
  } catch (cause) {
    throw await lostRace(repository, tag, options, cause);
  }
  if (guard === 'checked') await readBack(repository, tag, after, options);
  return { tag, before, after, changed: true, guard };
}

async function readBack(repository: TagResolver, tag: string, expected: Digest, options: CallOptions): Promise<void> {
  const found = await current(repository, tag, options);
  if (found !== expected) throw moved(repository, tag, expected, found);
}

/** A repository that compares and swaps refuses with its own error; what counts is where the tag points now. */
async function lostRace(
  repository: TagResolver,
  tag: string,
  options: UpdateTagOptions,
  cause: unknown,
): Promise<unknown> {
  if (options.ifMatch === undefined || options.signal?.aborted) return cause;
  const found = await current(repository, tag, options).catch(() => options.ifMatch ?? null);
  return found === options.ifMatch ? cause : moved(repository, tag, options.ifMatch, found, cause);
}

function guardOf(repository: TagResolver, { ifMatch }: UpdateTagOptions): TagGuard {
  if (ifMatch === undefined) return 'none';
  return repository.tagGuarantee === 'compare-and-swap' ? 'compare-and-swap' : 'checked';
}

function checkMatch(repository: TagResolver, tag: string, found: Digest | null, { ifMatch }: UpdateTagOptions): void {
  if (ifMatch !== undefined && ifMatch !== found) throw moved(repository, tag, ifMatch, found);
}

function moved(
  repository: object,
  tag: string,
  expected: Digest | null,
  found: Digest | null,
  cause?: unknown,
): GraphError {
  const name = 'name' in repository ? `${repository.name}:${tag}` : tag;
  const message = `${name}: expected ${expected ?? 'no such tag'}, found ${found ?? 'none'}; someone else moved the tag: resolve it again and decide anew`;
  return new GraphError('ERR_GRAPH_TAG', message, { cause, detail: { tag, found, changed: [] } });
}

async function current(repository: TagResolver, tag: string, options: CallOptions): Promise<Digest | null> {
  try {
    return (await repository.resolve(tag, callOptions(options))).digest;
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}

/**
 * Removes a tag; the manifest stays. Where the registry cannot compare and remove at once, the tag is read just before.
 *
 * @throws {GraphError} `ERR_GRAPH_TAG`; `ERR_GRAPH_UNSUPPORTED` if the repository cannot remove tags
 */
export async function untagArtifact(
  repository: Repository & Partial<ContentDeleter>,
  tag: string,
  options: UpdateTagOptions = {},
): Promise<TagOutcome> {
  checkTag(tag);
  if (repository.untag === undefined)
    throw new GraphError('ERR_GRAPH_UNSUPPORTED', `${repository.name} cannot remove tags`, { detail: { tag } });
  const before = await current(repository, tag, options);
  checkMatch(repository, tag, before, options);
  if (before !== null) await repository.untag(tag, callOptions(options));
  const guard = options.ifMatch === undefined ? 'none' : 'checked';
  return { tag, before, after: null, changed: before !== null, guard };
}
