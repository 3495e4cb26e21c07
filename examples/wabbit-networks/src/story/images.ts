import { gzipSync } from 'node:zlib';
import { packArtifact } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { type Descriptor, mediaTypes, type Repository } from '@notarykit/oci';

/** Pushes a small runnable image by digest: one layer and an image configuration, no tag. */
export async function pushImage(repository: Repository, content: string): Promise<Descriptor> {
  const config = {
    architecture: 'amd64',
    os: 'linux',
    config: { Cmd: ['/net-monitor'] },
    rootfs: { type: 'layers', diff_ids: [] },
  };
  const { descriptor } = await packArtifact(repository, {
    config: { mediaType: mediaTypes.imageConfig, content: utf8(JSON.stringify(config)) },
    layers: [{ mediaType: mediaTypes.imageLayerGzip, content: new Uint8Array(gzipSync(content)) }],
  });
  return descriptor;
}
