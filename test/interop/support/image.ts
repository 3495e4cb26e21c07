import { gzipSync } from 'node:zlib';
import { utf8 } from '@notarykit/common';
import { type Descriptor, describe, mediaTypes } from '@notarykit/oci';
import type { EmbeddedRegistry } from '@notarykit/testing';

/** How an image differs from the others. */
export interface ImageOptions {
  readonly comment?: string;
}

/** Puts a small but whole Linux image into a repository: a layer with nothing in it, a config, a manifest. */
export async function pushImage(
  registry: EmbeddedRegistry,
  repository: string,
  tag: string,
  options: ImageOptions = {},
): Promise<Descriptor> {
  // Two empty blocks are a tar archive without members.
  const tar = new Uint8Array(1024);
  const layer = new Uint8Array(gzipSync(tar));
  const config = utf8(
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      config: {},
      rootfs: { type: 'layers', diff_ids: [describe('', tar).digest] },
      history: [{ created_by: 'notarykit', ...options }],
    }),
  );
  const manifest = utf8(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.imageManifest,
      config: describe(mediaTypes.imageConfig, config),
      layers: [describe(mediaTypes.imageLayerGzip, layer)],
    }),
  );
  await registry.seed(repository, {
    blobs: [layer, config],
    manifests: [{ bytes: manifest, mediaType: mediaTypes.imageManifest, tags: [tag] }],
  });
  return describe(mediaTypes.imageManifest, manifest);
}
