import { packArtifact } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { type Annotations, type Descriptor, describe, fetchBytes, mediaTypes } from '@notarykit/oci';
import type { RegistryRepository } from '@notarykit/registry-client';
import { type ImageFile, layerOf } from './layer.js';
import type { ImageConfig, ReadImage } from './read.js';

/** A layer, and the instruction that made it. */
export interface NewLayer {
  readonly createdBy: string;
  readonly files: readonly ImageFile[];
}

/** What an image is made of. */
export interface ImageParts {
  /** The image below: its layers come first, as they are. */
  readonly base?: ReadImage;
  readonly layers: readonly NewLayer[];
  readonly command?: readonly string[];
  readonly annotations?: Annotations;
}

/** Pushes an image by digest, without a tag. Equal parts give the same digest. */
export async function pushImage(repository: RegistryRepository, parts: ImageParts): Promise<Descriptor> {
  const { base, layers, annotations } = parts;
  if (base !== undefined) await takeLayers(repository, base);
  const own = layers.map(({ files }) => ({ mediaType: mediaTypes.imageLayer, content: layerOf(files) }));
  const diffIds = own.map(({ mediaType, content }) => describe(mediaType, content).digest);
  const { descriptor } = await packArtifact(repository, {
    config: { mediaType: mediaTypes.imageConfig, content: utf8(JSON.stringify(configOf(parts, diffIds))) },
    layers: [...(base?.layers ?? []), ...own],
    ...(annotations === undefined ? {} : { annotations }),
  });
  return descriptor;
}

/** The layers of the base are mounted where the registry can do that, and copied otherwise. */
async function takeLayers(repository: RegistryRepository, base: ReadImage): Promise<void> {
  for (const layer of base.layers)
    if (!(await repository.mount(layer, base.repository)))
      await repository.push(layer, await fetchBytes(base.repository, layer));
}

function configOf({ base, layers, command }: ImageParts, diffIds: readonly string[]): ImageConfig {
  const own = layers.map(({ createdBy }) => ({ created_by: createdBy }));
  const last =
    command === undefined ? [] : [{ created_by: `CMD ${JSON.stringify(command)}`, empty_layer: true as const }];
  return {
    architecture: 'amd64',
    os: 'linux',
    config: { ...base?.config.config, ...(command === undefined ? {} : { Cmd: command }) },
    rootfs: { type: 'layers', diff_ids: [...(base?.config.rootfs.diff_ids ?? []), ...diffIds] },
    history: [...(base?.config.history ?? []), ...own, ...last],
  };
}
