import { type Digest, isDigest } from '@notarykit/oci/internal';
import type { ManifestRecord } from './manifest-facts.js';

/** What gives the content of a repository its meaning. */
export interface Tables {
  /** In the order of their push. */
  readonly manifests: ReadonlyMap<Digest, ManifestRecord>;
  readonly tags: ReadonlyMap<string, Digest>;
  /** The manifests whose subject is this digest, in the order of their push. */
  referrers(subject: string): readonly ManifestRecord[];
  /** The tags of a manifest. */
  tagsOf(digest: Digest): readonly string[];
  /** All tags in byte order. */
  sortedTags(): readonly string[];
  /** Whether a manifest has this digest as its config, a layer or a blob. */
  isBlob(digest: Digest): boolean;
  /** Whether an index names this digest. */
  isChild(digest: Digest): boolean;
}

/** One change of the tables. All of it happens, or nothing. */
export interface TableChange {
  /** A manifest that is there from now on. */
  readonly put?: ManifestRecord;
  readonly tags?: readonly (readonly [tag: string, digest: Digest])[];
  readonly untag?: string;
  /** A manifest that goes, with its tags. */
  readonly remove?: Digest;
}

/** Tables that their maker can change. */
export interface OpenTables extends Tables {
  apply(change: TableChange): void;
  /** How many manifests have a tag. */
  readonly tagged: number;
  /** What the tables would be after a change. */
  after(change: TableChange): OpenTables;
}

/** Tables, empty or with what others hold. */
export function openTables(from?: Tables): OpenTables {
  const manifests = new Map(from?.manifests);
  const tags = new Map<string, Digest>();
  // What is asked of one manifest is found without looking at all of them.
  const names = new Map<Digest, Set<string>>();
  const blobs = createCounter();
  const children = createCounter();
  let sorted: readonly string[] | undefined;
  const untie = (tag: string): void => {
    const digest = tags.get(tag) as Digest;
    const others = names.get(digest);
    others?.delete(tag);
    if (others?.size === 0) names.delete(digest);
    tags.delete(tag);
    sorted = undefined;
  };
  const tie = (tag: string, digest: Digest): void => {
    if (tags.has(tag)) untie(tag);
    tags.set(tag, digest);
    names.set(digest, (names.get(digest) ?? new Set()).add(tag));
    sorted = undefined;
  };
  for (const [tag, digest] of from?.tags ?? []) tie(tag, digest);
  const subjects = new Map<string, Set<Digest>>();
  const enter = ({ digest, subject, ...record }: ManifestRecord): void => {
    if (subject !== undefined) subjects.set(subject, (subjects.get(subject) ?? new Set()).add(digest));
    for (const blob of record.blobs) blobs.add(blob);
    for (const child of record.manifests) children.add(child.digest);
  };
  const leave = ({ digest, subject, ...record }: ManifestRecord): void => {
    const others = subjects.get(subject ?? '');
    others?.delete(digest);
    if (others?.size === 0) subjects.delete(subject ?? '');
    for (const blob of record.blobs) blobs.remove(blob);
    for (const child of record.manifests) children.remove(child.digest);
  };
  for (const record of manifests.values()) enter(record);
  const tables: OpenTables = {
    manifests,
    tags,
    get tagged() {
      return names.size;
    },
    referrers: (subject) => [...(subjects.get(subject) ?? [])].map((digest) => manifests.get(digest) as ManifestRecord),
    tagsOf: (digest) => [...(names.get(digest) ?? [])],
    sortedTags() {
      sorted ??= [...tags.keys()].sort();
      return sorted;
    },
    isBlob: (digest) => blobs.has(digest),
    isChild: (digest) => children.has(digest),
    apply({ put, tags: set = [], untag, remove }) {
      if (put !== undefined) {
        const before = manifests.get(put.digest);
        if (before !== undefined) leave(before);
        manifests.set(put.digest, put);
        enter(put);
      }
      for (const [tag, digest] of set) tie(tag, digest);
      if (untag !== undefined) untie(untag);
      if (remove === undefined) return;
      const gone = manifests.get(remove);
      if (gone !== undefined) leave(gone);
      manifests.delete(remove);
      for (const tag of [...(names.get(remove) ?? [])]) untie(tag);
      names.delete(remove);
    },
    after(change) {
      const next = openTables(tables);
      next.apply(change);
      return next;
    },
  };
  return tables;
}

/** How often something is named. */
function createCounter() {
  const counts = new Map<Digest, number>();
  return {
    has: (digest: Digest): boolean => counts.has(digest),
    add: (digest: Digest): void => void counts.set(digest, (counts.get(digest) ?? 0) + 1),
    remove(digest: Digest): void {
      const left = (counts.get(digest) ?? 1) - 1;
      if (left > 0) counts.set(digest, left);
      else counts.delete(digest);
    },
  };
}

/** The manifest that a tag or digest names. */
export function findManifest({ manifests, tags }: Tables, reference: string): ManifestRecord | undefined {
  const digest = isDigest(reference) ? reference : tags.get(reference);
  return digest === undefined ? undefined : manifests.get(digest);
}
