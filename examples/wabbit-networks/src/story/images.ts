import { packArtifact } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { type Descriptor, describe, mediaTypes, type Repository } from '@notarykit/oci';
import { type ImageFile, layerOf } from './rootfs.js';

/** Pushes a small image by digest: one layer and an image configuration, no tag. Equal files give the same digest. */
export async function pushImage(repository: Repository, files: readonly ImageFile[]): Promise<Descriptor> {
  const layer = layerOf(files);
  const config = {
    architecture: 'amd64',
    os: 'linux',
    config: { Cmd: ['/usr/bin/net-monitor'] },
    rootfs: { type: 'layers', diff_ids: [describe(mediaTypes.imageLayer, layer).digest] },
  };
  const { descriptor } = await packArtifact(repository, {
    config: { mediaType: mediaTypes.imageConfig, content: utf8(JSON.stringify(config)) },
    layers: [{ mediaType: mediaTypes.imageLayer, content: layer }],
  });
  return descriptor;
}
