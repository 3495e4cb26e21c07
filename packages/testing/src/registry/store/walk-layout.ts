import { concatBytes, mapConcurrent } from '@notarykit/common/internal';
import { type Descriptor, isManifestMediaType } from '@notarykit/oci/internal';
import type { BlobStore } from './blob-store.js';
import { layoutTagOf } from './layout-index.js';
import { type ManifestRecord, recordOf } from './manifest-facts.js';
import { type OpenTables, openTables } from './tables.js';

const maxManifest = 8 * 1024 * 1024;
const concurrency = 16;

/** The tables of an `index.json`: its tags, and every manifest that can be reached from it, children and subjects as far as they are there. */
export async function tablesOfIndex(entries: readonly Descriptor[], blobs: BlobStore): Promise<OpenTables> {
  const tables = openTables();
  for (const entry of entries) {
    const tag = layoutTagOf(entry);
    if (tag !== undefined) tables.apply({ tags: [[tag, entry.digest]] });
  }
  for (let level = entries; level.length > 0; ) {
    const fresh = [...new Map(level.map((one) => [one.digest, one])).values()].filter(
      ({ digest }) => !tables.manifests.has(digest),
    );
    const records = await mapConcurrent(fresh, concurrency, (descriptor) => readRecord(descriptor, blobs));
    // Listed without being there: the tag is known, the manifest is not found.
    records.forEach((record, i) => {
      if (record !== undefined) tables.apply({ put: record });
      else if (level === entries) tables.apply({ put: absent(fresh[i] as Descriptor) });
    });
    level = records
      .flatMap((record) => [...(record?.manifests ?? []), ...(record?.subjects ?? [])])
      .filter(({ mediaType }) => isManifestMediaType(mediaType));
  }
  return tables;
}

function absent({ digest, mediaType, size }: Descriptor): ManifestRecord {
  return { ...recordOf(digest, mediaType, new Uint8Array()), size, absent: true };
}

async function readRecord({ digest, mediaType }: Descriptor, blobs: BlobStore): Promise<ManifestRecord | undefined> {
  const size = await blobs.size(digest);
  if (size === undefined || size > maxManifest) return undefined;
  const parts: Uint8Array[] = [];
  for await (const part of blobs.read(digest, { start: 0, end: size })) parts.push(part);
  return recordOf(digest, mediaType, concatBytes(parts));
}
