import { type CallOptions, type JsonObject, type JsonValue, singleFlight, utf8 } from '@notarykit/common/internal';
import { type Descriptor, type Digest, describe, mediaTypes, referrersTag } from '@notarykit/oci/internal';
import { RegistryError } from '../errors.js';
import { type RepositoryContext, statusOf } from './context.js';
import { saysImmutable } from './immutable-tag.js';
import { deleteManifest, putManifest } from './manifests.js';
import {
  digestOfEntry,
  entriesOf,
  entryOf,
  namesOnlyReferrers,
  type ReferrersList,
  readReferrersTag,
} from './referrers-list.js';

/** A change to the list of one subject. */
type Change = { readonly add: Descriptor } | { readonly remove: Digest };

const maxTries = 5;
const pending = new WeakMap<object, Map<string, Change[]>>();
const flights = new WeakMap<object, ReturnType<typeof singleFlight<void>>>();

/** Adds referrers to the list of their subject; changes of this process that wait for the same list are written together. */
export async function addReferrers(
  context: RepositoryContext,
  subject: Digest,
  referrers: readonly Descriptor[],
  options: CallOptions,
): Promise<void> {
  const changes = referrers.map((add) => ({ add }));
  if (changes.length > 0) await change(context, subject, changes, options);
}

/** Removes a referrer from the list of its subject. */
export async function removeReferrer(
  context: RepositoryContext,
  subject: Digest,
  referrer: Digest,
  options: CallOptions,
): Promise<void> {
  await change(context, subject, [{ remove: referrer }], options);
}

async function change(
  context: RepositoryContext,
  subject: Digest,
  entries: readonly Change[],
  options: CallOptions,
): Promise<void> {
  // They are queued and written together: the first stands for all.
  const entry = entries[0] as Change;
  const queues = pending.get(context) ?? new Map<string, Change[]>();
  pending.set(context, queues);
  const flight = flights.get(context) ?? singleFlight<void>();
  flights.set(context, flight);
  const queue = queues.get(subject) ?? [];
  queues.set(subject, queue);
  for (const each of entries) queue.push(each);
  // The first that finds the list free takes all that waits; the others look again after that write.
  while (queues.get(subject)?.includes(entry)) {
    const work = async (signal: AbortSignal): Promise<void> => {
      const changes = queues.get(subject) ?? [];
      queues.delete(subject);
      try {
        await write(context, subject, changes, { signal });
      } catch (error) {
        for (const failed of changes) failures.set(failed, error);
      }
    };
    await flight(subject, work, options);
  }
  if (failures.has(entry)) throw failures.get(entry);
}

const failures = new WeakMap<Change, unknown>();

async function write(
  context: RepositoryContext,
  subject: Digest,
  changes: readonly Change[],
  options: CallOptions,
): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const current = await readReferrersTag(context, subject, options);
    if (current.notAList) throw tagIsTaken(context, subject);
    const merged = apply(entriesOf(current), changes);
    if (merged === undefined) return;
    if (!(await namesOnlyReferrers(context, subject, current, options))) throw tagIsTaken(context, subject);
    let refusal: unknown;
    try {
      await put(context, subject, current, merged, options);
    } catch (error) {
      // A tag of that name is there after all, and names the subject.
      if (current.alias && statusOf(error) === 412) throw tagIsTaken(context, subject);
      if (current.alias && statusOf(error) === 400) throw noList(context, subject, error);
      if (statusOf(error) !== 412 && statusOf(error) !== 409 && !saysImmutable(error)) throw error;
      refusal = error;
    }
    // Few registries honour If-Match: what counts is what is there afterwards.
    const after = await readReferrersTag(context, subject, options);
    if (apply(entriesOf(after), changes) === undefined) return;
    // No other client has written: it is the tag itself that may not change.
    if (refusal !== undefined && current.digest !== undefined && after.digest === current.digest)
      throw immutable(context, subject, refusal);
    if (attempt >= maxTries) throw lostUpdate(context, subject, changes);
    await context.retryPause(attempt, options.signal);
  }
}

/** The list after the changes, `undefined` when they are in it already. What others wrote stays as it is. */
function apply(entries: readonly JsonValue[], changes: readonly Change[]): readonly JsonValue[] | undefined {
  let list = [...entries];
  // An entry with another size or type lists nothing: content is refused under it.
  const listed = new Set(entries.map(entryOf));
  const named = new Set(entries.map(digestOfEntry));
  let changed = false;
  for (const entry of changes) {
    if ('add' in entry) {
      const added = entryOf(entry.add);
      if (listed.has(added)) continue;
      listed.add(added);
      named.add(entry.add.digest);
      list.push(entry.add as unknown as JsonObject);
    } else {
      if (!named.delete(entry.remove)) continue;
      for (const other of list) if (digestOfEntry(other) === entry.remove) listed.delete(entryOf(other));
      list = list.filter((other) => digestOfEntry(other) !== entry.remove);
    }
    changed = true;
  }
  return changed ? list : undefined;
}

async function put(
  context: RepositoryContext,
  subject: Digest,
  current: ReferrersList,
  manifests: readonly JsonValue[],
  options: CallOptions,
): Promise<void> {
  const tag = referrersTag(subject);
  if (manifests.length === 0 && current.digest !== undefined) {
    try {
      await deleteManifest(context, tag, options);
      return;
    } catch (error) {
      // Registries that cannot delete a tag keep an empty list.
      if (![400, 404, 405, 501].includes(statusOf(error) ?? 0)) throw error;
    }
  }
  const bytes = utf8(
    JSON.stringify({ ...current.document, schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests }),
  );
  const condition =
    current.etag !== undefined
      ? { ifMatch: current.etag }
      : current.alias || (current.digest === undefined && context.state.etagsSeen)
        ? { ifNoneMatch: '*' as const }
        : {};
  await putManifest(context, describe(mediaTypes.imageIndex, bytes), bytes, tag, { ...options, ...condition });
}

function tagIsTaken(context: RepositoryContext, subject: Digest): RegistryError {
  return new RegistryError(
    'ERR_REGISTRY_CONFLICT',
    `${context.registry}/${context.repository}: the tag ${referrersTag(subject)} names something other than a list of referrers; it is left as it is`,
    { detail: { registry: context.registry, retryable: false } },
  );
}

function immutable(context: RepositoryContext, subject: Digest, cause: unknown): RegistryError {
  return new RegistryError(
    'ERR_REGISTRY_CONFLICT',
    `${context.registry}/${context.repository}: the tag ${referrersTag(subject)} lists what refers to ${subject}, and it is immutable: the manifest was pushed, but not added to the list; exempt tags such as "sha256-*" from the rule, or use a registry with the referrers API`,
    { cause, detail: { registry: context.registry, retryable: false } },
  );
}

function noList(context: RepositoryContext, subject: Digest, cause: unknown): RegistryError {
  return new RegistryError(
    'ERR_REGISTRY_UNSUPPORTED',
    `${context.registry}/${context.repository}: the registry does not support the referrers API, and it reads the tag ${referrersTag(subject)} as a digest and refuses it: referrers of ${subject} cannot be listed here; use a version of the registry with the referrers API`,
    { cause, detail: { registry: context.registry, status: 400, retryable: false } },
  );
}

function lostUpdate(context: RepositoryContext, subject: Digest, changes: readonly Change[]): RegistryError {
  const [first] = changes;
  return new RegistryError(
    'ERR_REGISTRY_LOST_UPDATE',
    `${context.registry}/${context.repository}: the list of referrers of ${subject} was overwritten by others ${maxTries + 1} times; the manifest was pushed, but not added to the list: try again`,
    {
      detail: {
        registry: context.registry,
        retryable: true,
        ...(first !== undefined && 'add' in first ? { descriptor: first.add } : {}),
      },
    },
  );
}
