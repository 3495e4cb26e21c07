import { defined, mapInOrder } from '@notarykit/common/internal';
import type { Descriptor, ReferrerLister, ReferrersOptions, RefusedEntry } from '@notarykit/oci/internal';
import { endable } from './endable.js';
import { checkLimit, type GraphLimits } from './limits.js';
import type { ContentCache, ReadOptions } from './reader.js';
import { type Referrer, refusedEntry, vet } from './referrer.js';

/** Which referrers are wanted, and how they are read. */
export interface ReferrerQuery extends ReadOptions {
  /**
   * Only referrers of one of these artifact types, by their own word or that of the list. A list may claim a type that a manifest
   * has not; it is given with its own type. Default: all.
   */
  readonly artifactTypes?: readonly string[];
  /** Also what a repository lists beside those, whose manifest has another type: for callers that count what is read. Default no. */
  readonly others?: boolean;
  /** Entries whose type, by the word of the list, says that they are of no use: they are passed over unread. Default: none. */
  readonly unread?: (artifactType: string | undefined, listed: Descriptor) => boolean;
  /** How many manifests are read before they are asked for. Default 0. */
  readonly ahead?: number;
}

type Entry = { readonly listed: Descriptor } | { readonly refused: RefusedEntry };

/** What a view needs to list. */
export interface ListingSource {
  readonly lister: ReferrerLister;
  readonly cache: ContentCache;
  readonly limits: GraphLimits;
  /** Lists that were read to their end, by subject and type. */
  readonly listings: Map<string, readonly Entry[]>;
}

/** The list of a subject's referrers, read page by page, each manifest when its turn comes. */
export function listReferrers(
  source: ListingSource,
  subject: Descriptor,
  query: ReferrerQuery = {},
): AsyncIterable<Referrer> {
  return endable(query, (signal) => readReferrers(source, subject, { ...query, signal }));
}

async function* readReferrers(
  source: ListingSource,
  subject: Descriptor,
  query: ReferrerQuery & { readonly signal: AbortSignal },
): AsyncGenerator<Referrer, void, void> {
  const { ahead = 0, artifactTypes, others = false, unread = () => false, ...options } = query;
  const read = async (entry: Entry): Promise<Referrer> =>
    'refused' in entry ? refusedEntry(entry.refused) : await vet(source.cache, subject, entry.listed, options);
  const entries = without(entriesOf(source, subject, query), unread);
  for await (const referrer of mapInOrder(entries, ahead + 1, read))
    if (others || isWanted(referrer, artifactTypes)) yield referrer;
}

async function* without(
  entries: AsyncIterable<Entry>,
  unread: (artifactType: string | undefined, listed: Descriptor) => boolean,
): AsyncGenerator<Entry, void, void> {
  for await (const entry of entries)
    if ('refused' in entry || !unread(entry.listed.artifactType, entry.listed)) yield entry;
}

function isWanted(referrer: Referrer, artifactTypes: readonly string[] | undefined): boolean {
  if (artifactTypes === undefined || referrer.kind === 'setAside') return true;
  const { artifactType, descriptor } = referrer;
  return [artifactType, descriptor.artifactType].some((type) => type !== undefined && artifactTypes.includes(type));
}

/** A listing is remembered only when it came to its end. */
async function* entriesOf(
  { lister, limits, listings }: ListingSource,
  subject: Descriptor,
  { artifactTypes = [], signal }: ReferrerQuery & { readonly signal: AbortSignal },
): AsyncGenerator<Entry, void, void> {
  const [artifactType, ...others] = artifactTypes;
  const narrow = artifactType !== undefined && others.length === 0 ? { artifactType } : {};
  const key = JSON.stringify([subject.digest, narrow]);
  const known = listings.get(key);
  if (known !== undefined) return yield* known;
  const entries: Entry[] = [];
  for await (const entry of distinct(list(lister, limits, subject, { ...narrow, signal }))) {
    entries.push(entry);
    yield entry;
  }
  listings.set(key, entries);
}

/** An entry that differs from another only in its size is another entry: a wrong one must not hide a right one. */
async function* distinct(entries: AsyncIterable<Entry>): AsyncGenerator<Entry, void, void> {
  const seen = new Set<string>();
  for await (const entry of entries) {
    const key = 'listed' in entry ? `${entry.listed.mediaType} ${entry.listed.digest} ${entry.listed.size}` : undefined;
    if (key !== undefined && seen.has(key)) continue;
    if (key !== undefined) seen.add(key);
    yield entry;
  }
}

/** Every entry in its place, those that the repository could not read too, within the limit. */
async function* list(
  lister: ReferrerLister,
  limits: GraphLimits,
  subject: Descriptor,
  options: ReferrersOptions,
): AsyncGenerator<Entry, void, void> {
  const waiting: Entry[] = [];
  let count = 0;
  const take = (entry: Entry): void => {
    checkLimit(limits, 'maxReferrers', ++count, `referrers of ${subject.digest}`);
    waiting.push(entry);
  };
  const onRefused = (refused: RefusedEntry): void => take({ refused });
  for await (const listed of lister.referrers(subject, { ...options, onRefused })) {
    take({ listed: hint(listed) });
    yield* waiting.splice(0);
  }
  yield* waiting.splice(0);
}

/** Of an entry only what names the manifest: the rest is in the manifest itself, and is remembered once. */
function hint({ mediaType, digest, size, artifactType }: Descriptor): Descriptor {
  return { mediaType, digest, size, ...defined({ artifactType }) };
}

/** The list as the repository has it now, for a check of what was just written: nothing is read and nothing remembered. */
export function listNow(
  { lister, limits }: ListingSource,
  subject: Descriptor,
  { signal: outer, ...narrow }: Omit<ReferrersOptions, 'onRefused'> = {},
): AsyncIterable<Descriptor> {
  return endable({ ...(outer && { signal: outer }) }, async function* (signal) {
    for await (const entry of list(lister, limits, subject, { ...narrow, signal }))
      if ('listed' in entry) yield entry.listed;
  });
}
