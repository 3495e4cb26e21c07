import type { CallOptions } from '@notarykit/common';
import { type Descriptor, fetchManifest, mediaTypes, type Repository } from '@notarykit/oci';
import { NotaryKitError } from '../errors.js';

const maxDepth = 16;
const maxChildren = 10_000;

/** Whether a descriptor says that it is of an image index or a Docker manifest list. */
export function isIndex({ mediaType }: Descriptor): boolean {
  return mediaType === mediaTypes.imageIndex || mediaType === mediaTypes.dockerManifestList;
}

/** The manifests below an index, those of indexes in it too, each once and in the order of the index. */
export async function childrenOf(
  repository: Repository,
  index: Descriptor,
  options: CallOptions,
): Promise<readonly Descriptor[]> {
  const children = new Map<string, Descriptor>();
  await walk(repository, index, options, children, 1);
  return [...children.values()];
}

async function walk(
  repository: Repository,
  index: Descriptor,
  options: CallOptions,
  children: Map<string, Descriptor>,
  depth: number,
): Promise<void> {
  if (depth > maxDepth) throw tooMany(index, `indexes within indexes, more than ${maxDepth} deep`);
  const { manifest } = await fetchManifest(repository, index, options);
  if (manifest.kind !== 'index') return;
  for (const { mediaType, digest, size, platform } of manifest.manifests) {
    if (children.has(digest)) continue;
    const child = { mediaType, digest, size, ...(platform && { platform }) };
    children.set(digest, child);
    if (children.size > maxChildren) throw tooMany(index, `more than ${maxChildren} manifests`);
    if (isIndex(child)) await walk(repository, child, options, children, depth + 1);
  }
}

function tooMany({ digest }: Descriptor, what: string): NotaryKitError {
  return new NotaryKitError('ERR_NOTARYKIT_AUDIT', `${digest} holds ${what}: audit it in parts, as a list`);
}
