import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { concatBytes, isJsonArray, isJsonObject, parseJson, utf8 } from '@notarykit/common';
import {
  checkTag,
  type Descriptor,
  type Digest,
  isManifestMediaType,
  mediaTypes,
  parseDescriptor,
} from '@notarykit/oci';
import { type ManifestRecord, recordOf, referrerDescriptor } from './manifest-facts.js';
import type { StoredRepository } from './repository.js';

const refName = 'org.opencontainers.image.ref.name';
const maxIndex = 16 * 1024 * 1024;
const maxManifest = 8 * 1024 * 1024;

/** Fills the tables of a repository from its layout: `index.json`, and every manifest that can be reached from it. */
export async function readTables(repository: StoredRepository, layout: string): Promise<void> {
  const entries = indexEntries(await readFile(join(layout, 'index.json')));
  for (const entry of entries) {
    const tag = tagOf(entry);
    if (tag !== undefined) repository.tags.set(tag, entry.digest);
    // Listed without being there: the tag is known, the manifest is not found.
    if (!(await add(repository, entry))) repository.manifests.set(entry.digest, absent(entry));
  }
  await walk(repository);
}

function absent({ digest, mediaType, size }: Descriptor): ManifestRecord {
  return { ...recordOf(digest, mediaType, new Uint8Array()), size };
}

function indexEntries(bytes: Uint8Array): readonly Descriptor[] {
  if (bytes.length > maxIndex) throw new Error(`index.json: expected at most ${maxIndex} bytes, found ${bytes.length}`);
  const index = parseJson(bytes);
  const list = isJsonObject(index) ? index['manifests'] : undefined;
  return isJsonArray(list) ? list.map((item, i) => parseDescriptor(item, `index.json manifests[${i}]`)) : [];
}

/** A tag, or the tag at the end of a full image name, as containerd writes it. */
function tagOf({ annotations }: Descriptor): string | undefined {
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

/** Children of indexes, and subjects, as far as they are there; without recursion, each once. */
async function walk(repository: StoredRepository): Promise<void> {
  const queue = [...repository.manifests.values()];
  for (let record = queue.pop(); record !== undefined; record = queue.pop()) {
    for (const child of [...record.manifests, ...record.subjects]) {
      if (repository.manifests.has(child.digest) || !isManifestMediaType(child.mediaType)) continue;
      const added = await add(repository, child);
      if (added) queue.push(added);
    }
  }
}

async function add(
  repository: StoredRepository,
  { digest, mediaType }: Descriptor,
): Promise<ManifestRecord | undefined> {
  const size = await repository.blobs.size(digest);
  if (size === undefined || size > maxManifest) return undefined;
  const parts: Uint8Array[] = [];
  for await (const part of repository.blobs.read(digest, { start: 0, end: size })) parts.push(part);
  const record = recordOf(digest, mediaType, concatBytes(parts));
  repository.manifests.set(digest, record);
  return record;
}

/** `index.json` of a repository: every tag, and every manifest that no other one leads to (image-spec, image-layout.md). */
export function indexOf(repository: StoredRepository): Uint8Array {
  const children = new Set(
    [...repository.manifests.values()].flatMap((record) => record.manifests.map((child) => child.digest)),
  );
  const tagged = new Set(repository.tags.values());
  const manifests = [
    ...[...repository.tags].flatMap(([tag, digest]) => entryOf(repository, digest, tag)),
    ...[...repository.manifests.keys()]
      .filter((digest) => !tagged.has(digest) && !children.has(digest))
      .flatMap((digest) => entryOf(repository, digest)),
  ];
  return utf8(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests }));
}

function entryOf(repository: StoredRepository, digest: Digest, tag?: string): Descriptor[] {
  const record = repository.manifests.get(digest);
  if (record === undefined) return [];
  const { annotations: _, ...descriptor } = referrerDescriptor(record);
  return [tag === undefined ? descriptor : { ...descriptor, annotations: { [refName]: tag } }];
}
