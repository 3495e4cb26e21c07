import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { utf8 } from '@notarykit/common';
import { type Descriptor, describe, mediaTypes } from '@notarykit/oci';

/** An OCI layout of two platforms on disk, file by file as `docker buildx build --output type=oci,tar=false` leaves it. */
export interface BuildxLayout {
  readonly folder: string;
  readonly index: Descriptor;
  readonly images: readonly Descriptor[];
  readonly attestations: readonly Descriptor[];
}

const inToto = 'application/vnd.in-toto+json';

/** Writes such a layout under the tag `v1`: images first, then for each an attestation manifest of provenance. */
export function writeBuildxLayout(folder: string): BuildxLayout {
  mkdirSync(join(folder, 'blobs', 'sha256'), { recursive: true });
  const put = (mediaType: string, content: object | Uint8Array): Descriptor => {
    const bytes = content instanceof Uint8Array ? content : utf8(JSON.stringify(content));
    const descriptor = describe(mediaType, new Uint8Array(bytes));
    writeFileSync(join(folder, 'blobs', 'sha256', descriptor.digest.slice(7)), bytes);
    return descriptor;
  };
  const manifest = (config: Descriptor, layers: readonly object[]): Descriptor =>
    put(mediaTypes.imageManifest, { schemaVersion: 2, mediaType: mediaTypes.imageManifest, config, layers });
  const images = ['amd64', 'arm64'].map((architecture) => {
    const tar = new Uint8Array(1024);
    const rootfs = { type: 'layers', diff_ids: [describe('', tar).digest] };
    const config = put(mediaTypes.imageConfig, { architecture, os: 'linux', config: {}, rootfs });
    const image = manifest(config, [put(mediaTypes.imageLayerGzip, gzipSync(tar))]);
    return { ...image, platform: { architecture, os: 'linux' } };
  });
  const attestations = images.map(({ digest }) => {
    const statement = put(inToto, {
      _type: 'https://in-toto.io/Statement/v0.1',
      predicateType: 'https://slsa.dev/provenance/v0.2',
      subject: [{ name: 'pkg:docker/app@v1', digest: { sha256: digest.slice(7) } }],
      predicate: { builder: { id: '' }, buildType: 'https://mobyproject.org/buildkit@v1', materials: [] },
    });
    const rootfs = { type: 'layers', diff_ids: [statement.digest] };
    const config = put(mediaTypes.imageConfig, { architecture: 'unknown', os: 'unknown', config: {}, rootfs });
    const annotations = { 'in-toto.io/predicate-type': 'https://slsa.dev/provenance/v0.2' };
    return {
      ...manifest(config, [{ ...statement, annotations }]),
      annotations: { 'vnd.docker.reference.digest': digest, 'vnd.docker.reference.type': 'attestation-manifest' },
      platform: { architecture: 'unknown', os: 'unknown' },
    };
  });
  const manifests = [...images, ...attestations];
  const index = put(mediaTypes.imageIndex, { schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests });
  const annotations = {
    'io.containerd.image.name': 'registry.test/app:v1',
    'org.opencontainers.image.created': '2026-11-20T10:00:00Z',
    'org.opencontainers.image.ref.name': 'v1',
  };
  const root = { schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: [{ ...index, annotations }] };
  writeFileSync(join(folder, 'index.json'), JSON.stringify(root));
  writeFileSync(join(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  return { folder, index, images, attestations };
}
