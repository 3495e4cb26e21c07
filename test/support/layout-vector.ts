import { existsSync, readdirSync } from 'node:fs';
import { successors } from '@notarykit/artifact-graph';
import { type Descriptor, type Digest, type MemoryRepository, mediaTypes, memoryRepository } from '@notarykit/oci';
import { isManifestMediaType, parseManifest } from '@notarykit/oci/internal';
import { vectorBytes, vectorJson, vectorPath } from '../vectors.js';

/** What a layout vector was computed to be. */
export interface ExpectedLayout {
  readonly tags: Readonly<Record<string, Digest>>;
  readonly missing: readonly Digest[];
  readonly unreachableFromIndex: readonly Digest[];
  readonly referrersBySubject: Readonly<Record<Digest, readonly Digest[]>>;
  readonly predecessors: Readonly<Record<Digest, readonly Digest[]>>;
  readonly nodes: Readonly<Record<Digest, ExpectedNode>>;
}

export interface ExpectedNode {
  readonly mediaType: string;
  readonly size: number;
  readonly effectiveArtifactType?: string;
  readonly successors?: readonly { readonly role: string; readonly digest: Digest; readonly mediaType: string }[];
}

export function expectedLayout(name: string): ExpectedLayout {
  return vectorJson('oci', 'layouts', `${name}.expected.json`) as ExpectedLayout;
}

const blobPath = (name: string, digest: string): string[] => ['oci', 'layouts', name, 'blobs', ...digest.split(':')];

/** A layout vector in memory: everything from `index.json` down, then what nothing names. */
export async function loadLayout(name: string): Promise<MemoryRepository> {
  const repository = memoryRepository(`vectors.test/${name}`);
  const index = vectorJson('oci', 'layouts', name, 'index.json') as { readonly manifests: readonly Descriptor[] };
  const load = async (descriptor: Descriptor): Promise<void> => {
    if (await repository.exists(descriptor)) return;
    if (!existsSync(vectorPath(...blobPath(name, descriptor.digest)))) return;
    const bytes = vectorBytes(...blobPath(name, descriptor.digest));
    await repository.push(descriptor, bytes);
    if (!isManifestMediaType(descriptor.mediaType)) return;
    for (const child of successors(parseManifest(bytes, descriptor.mediaType, { twins: true })))
      await load(child.descriptor);
  };
  for (const entry of index.manifests) {
    await load(entry);
    const tag = entry.annotations?.['org.opencontainers.image.ref.name'];
    if (tag !== undefined && (await repository.exists(entry))) await repository.tag(entry, tag);
  }
  await loadLooseBlobs(repository, name);
  return repository;
}

async function loadLooseBlobs(repository: MemoryRepository, name: string): Promise<void> {
  const folder = vectorPath('oci', 'layouts', name, 'blobs', 'sha256');
  for (const hex of existsSync(folder) ? readdirSync(folder) : []) {
    const digest: Digest = `sha256:${hex}`;
    const bytes = vectorBytes(...blobPath(name, digest));
    const descriptor = { mediaType: mediaTypes.octetStream, digest, size: bytes.length };
    if (!(await repository.exists(descriptor))) await repository.push(descriptor, bytes);
  }
}
