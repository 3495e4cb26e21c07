import type { JsonObject } from '@notarykit/common/internal';
import {
  buildIndexDocument,
  checkTag,
  type Descriptor,
  type Digest,
  type LayoutIndex,
  refName,
  withoutTag,
} from '@notarykit/oci/internal';
import type { ManifestRecord } from './manifest-facts.js';
import type { TableChange, Tables } from './tables.js';

/** What others wrote into `index.json` that the tables do not hold: members of the document, and of its entries by digest. */
export interface KeptIndex {
  readonly members?: JsonObject;
  readonly entries: ReadonlyMap<Digest, readonly Descriptor[]>;
}

/** Nothing of others. */
export const nothingKept: KeptIndex = { entries: new Map() };

/** What an `index.json` says besides tags and manifests. */
export function keptOf({ entries, members }: LayoutIndex): KeptIndex {
  const kept = new Map<Digest, Descriptor[]>();
  for (const entry of entries) {
    if (!saysMore(entry)) continue;
    const others = kept.get(entry.digest);
    if (others === undefined) kept.set(entry.digest, [entry]);
    else others.push(entry);
  }
  const own = Object.keys(members).sort().join() === 'mediaType,schemaVersion';
  return kept.size === 0 && own ? nothingKept : { members, entries: kept };
}

function saysMore(entry: Descriptor): boolean {
  const { mediaType: _m, digest: _d, size: _s, annotations = {}, ...more } = entry;
  const named = Object.keys(annotations).filter((name) => name !== refName);
  return (
    Object.keys(more).length > 0 || named.length > 0 || (refName in annotations && !isTag(annotations[refName] ?? ''))
  );
}

/** The tag of an entry, or the tag at the end of a full image name, as containerd writes it. */
export function layoutTagOf({ annotations }: Descriptor): string | undefined {
  const name = annotations?.[refName];
  return [name, name?.slice(name.lastIndexOf(':') + 1)].find((text) => text !== undefined && isTag(text));
}

function isTag(text: string): boolean {
  try {
    checkTag(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * `index.json` of tables: every tag, and every manifest that no other one leads to (image-spec, image-layout.md).
 *
 * @throws {OciError} `ERR_OCI_LIMIT` for more than a layout takes
 */
export function indexOf(tables: Tables, kept: KeptIndex): Uint8Array {
  const children = new Set<Digest>();
  for (const { manifests } of tables.manifests.values()) for (const { digest } of manifests) children.add(digest);
  const tagged = new Set(tables.tags.values());
  const entries = [...tables.tags].flatMap(([tag, digest]) => entriesOf(tables, kept, digest, tag));
  for (const digest of tables.manifests.keys()) {
    if (!tagged.has(digest) && (!children.has(digest) || kept.entries.has(digest)))
      entries.push(...entriesOf(tables, kept, digest));
  }
  return buildIndexDocument(entries, kept.members);
}

function entriesOf(tables: Tables, { entries }: KeptIndex, digest: Digest, tag?: string): Descriptor[] {
  const record = tables.manifests.get(digest);
  if (record === undefined) return [];
  const own = plainDescriptor(record);
  const others = entries.get(digest) ?? [];
  const same = others.find((entry) => layoutTagOf(entry) === tag);
  if (same !== undefined) return [same];
  const untagged = others.find((entry) => layoutTagOf(entry) === undefined);
  if (tag === undefined) return [others[0] === undefined ? own : withoutTag(others[0])];
  return [{ ...own, ...untagged, annotations: { ...untagged?.annotations, [refName]: tag } }];
}

/** Without the artifact type: for an image it would be the type of its configuration, which belongs only in lists of referrers. */
function plainDescriptor({ mediaType, digest, size }: ManifestRecord): Descriptor {
  return { mediaType, digest, size };
}

/** Most bytes that a change adds to `index.json`. */
export function growthOf({ put, tags = [], remove }: TableChange, tables: Tables): number {
  const orphans = remove === undefined ? [] : (tables.manifests.get(remove)?.manifests ?? []);
  const own = put === undefined ? 0 : entrySize(put);
  const tagged = tags.map(([tag, digest]) => {
    const record = put?.digest === digest ? put : tables.manifests.get(digest);
    return tag.length + (record === undefined ? 0 : entrySize(record));
  });
  return [own, ...tagged, ...orphans.map(entrySize)].reduce((sum, size) => sum + size, 0);
}

/** A character is at most six bytes in JSON; the rest are digest, size and the names of members. */
function entrySize({ mediaType, artifactType = '' }: { mediaType: string; artifactType?: string }): number {
  return 400 + (mediaType.length + artifactType.length) * 6;
}
