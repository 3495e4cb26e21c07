import { type Digest, isDigest } from '@notarykit/oci';
import type { ManifestRecord } from './manifest-facts.js';

/** What gives the content of a repository its meaning. */
export interface Tables {
  /** In the order of their push. */
  readonly manifests: ReadonlyMap<Digest, ManifestRecord>;
  readonly tags: ReadonlyMap<string, Digest>;
  /** The manifests whose subject is this digest, in the order of their push. */
  referrers(subject: string): readonly ManifestRecord[];
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
  // The tags of a manifest are found without looking at all tags.
  const names = new Map<Digest, Set<string>>();
  const untie = (tag: string): void => {
    const digest = tags.get(tag) as Digest;
    const others = names.get(digest);
    others?.delete(tag);
    if (others?.size === 0) names.delete(digest);
    tags.delete(tag);
  };
  const tie = (tag: string, digest: Digest): void => {
    if (tags.has(tag)) untie(tag);
    tags.set(tag, digest);
    names.set(digest, (names.get(digest) ?? new Set()).add(tag));
  };
  for (const [tag, digest] of from?.tags ?? []) tie(tag, digest);
  const subjects = new Map<string, Set<Digest>>();
  const refer = ({ digest, subject }: ManifestRecord): void => {
    if (subject !== undefined) subjects.set(subject, (subjects.get(subject) ?? new Set()).add(digest));
  };
  for (const record of manifests.values()) refer(record);
  const tables: OpenTables = {
    manifests,
    tags,
    get tagged() {
      return names.size;
    },
    referrers: (subject) => [...(subjects.get(subject) ?? [])].map((digest) => manifests.get(digest) as ManifestRecord),
    apply({ put, tags: set = [], untag, remove }) {
      if (put !== undefined) {
        manifests.set(put.digest, put);
        refer(put);
      }
      for (const [tag, digest] of set) tie(tag, digest);
      if (untag !== undefined) untie(untag);
      if (remove === undefined) return;
      subjects.get(manifests.get(remove)?.subject ?? '')?.delete(remove);
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

/** The tags of a manifest. */
export function tagsOf({ tags }: Tables, digest: Digest): readonly string[] {
  return [...tags].filter(([, target]) => target === digest).map(([tag]) => tag);
}

/** The manifest that a tag or digest names. */
export function findManifest({ manifests, tags }: Tables, reference: string): ManifestRecord | undefined {
  const digest = isDigest(reference) ? reference : tags.get(reference);
  return digest === undefined ? undefined : manifests.get(digest);
}
