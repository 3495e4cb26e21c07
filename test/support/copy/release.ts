import { attachReferrer, packArtifact } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { type Descriptor, describe, type MemoryRepository, mediaTypes, memoryRepository } from '@notarykit/oci';

/** An image of two platforms with everything that belongs to it. */
export interface Release {
  readonly repository: MemoryRepository;
  readonly root: Descriptor;
  readonly images: readonly Descriptor[];
  readonly referrers: readonly Descriptor[];
}

/** Content that is the same each time, of a size. */
export function filler(size: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let i = 0, x = seed * 2654435761 + 1; i < size; i++) {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    bytes[i] = x >>> 24;
  }
  return bytes;
}

export const signatureType = 'application/vnd.cncf.notary.signature';
export const sbomType = 'application/spdx+json';

/** An image index of two platforms, tagged `v1`, with two signatures, an SBOM and the SBOM's signature. */
export async function createRelease(layerSize = 2048, name = 'memory.test/release'): Promise<Release> {
  const repository = memoryRepository(name);
  const images = [await image(repository, 1, layerSize), await image(repository, 2, layerSize)];
  const manifests = images.map((descriptor, i) => ({
    mediaType: descriptor.mediaType,
    digest: descriptor.digest,
    size: descriptor.size,
    platform: { os: 'linux', architecture: i === 0 ? 'amd64' : 'arm64' },
  }));
  const bytes = utf8(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests }));
  const root = describe(mediaTypes.imageIndex, bytes);
  await repository.push(root, bytes);
  await repository.tag(root, 'v1');
  const referrers = [
    await refer(repository, root, signatureType, 'application/jose+json', 'first'),
    await refer(repository, root, signatureType, 'application/cose', 'second'),
  ];
  const sbom = await refer(repository, root, sbomType, sbomType, 'sbom');
  referrers.push(sbom, await refer(repository, sbom, signatureType, 'application/jose+json', 'of the sbom'));
  return { repository, root, images, referrers };
}

async function image(repository: MemoryRepository, seed: number, size: number): Promise<Descriptor> {
  const { descriptor } = await packArtifact(repository, {
    config: { mediaType: mediaTypes.imageConfig, content: utf8(`{"os":"linux","architecture":"platform${seed}"}`) },
    layers: [1, 2].map((layer) => ({ mediaType: mediaTypes.imageLayer, content: filler(size, seed * 10 + layer) })),
  });
  return descriptor;
}

async function refer(
  repository: MemoryRepository,
  subject: Descriptor,
  artifactType: string,
  mediaType: string,
  text: string,
): Promise<Descriptor> {
  const layers = [{ mediaType, content: utf8(`${text} ${subject.digest}`) }];
  return (await attachReferrer(repository, subject, { artifactType, layers })).descriptor;
}
