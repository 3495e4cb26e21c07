import type { Descriptor } from '@notarykit/oci/internal';

const nondistributable: readonly string[] = [
  'application/vnd.oci.image.layer.nondistributable.v1.tar',
  'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
  'application/vnd.oci.image.layer.nondistributable.v1.tar+zstd',
  'application/vnd.docker.image.rootfs.foreign.diff.tar',
  'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
];

/** Whether a layer is one that registries normally do not hold (image-spec, layer.md). */
export function isNondistributable({ mediaType }: Descriptor): boolean {
  return nondistributable.includes(mediaType);
}
