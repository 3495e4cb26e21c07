import { quote } from '@notarykit/common/internal';
import { OciError } from './errors.js';

/** Media types of the OCI and Docker specifications. */
export const mediaTypes = {
  imageManifest: 'application/vnd.oci.image.manifest.v1+json',
  imageIndex: 'application/vnd.oci.image.index.v1+json',
  imageConfig: 'application/vnd.oci.image.config.v1+json',
  imageLayer: 'application/vnd.oci.image.layer.v1.tar',
  imageLayerGzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
  imageLayerZstd: 'application/vnd.oci.image.layer.v1.tar+zstd',
  empty: 'application/vnd.oci.empty.v1+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerManifestList: 'application/vnd.docker.distribution.manifest.list.v2+json',
  /** ORAS artifact manifest: read, never written. */
  orasArtifact: 'application/vnd.cncf.oras.artifact.manifest.v1+json',
  /** The retired OCI artifact manifest: read, never written. */
  ociArtifact: 'application/vnd.oci.artifact.manifest.v1+json',
  octetStream: 'application/octet-stream',
} as const;

/** Every media type of a manifest that the SDK parses: what a client accepts. */
export const manifestMediaTypes: readonly string[] = [
  mediaTypes.imageManifest,
  mediaTypes.imageIndex,
  mediaTypes.dockerManifest,
  mediaTypes.dockerManifestList,
  mediaTypes.orasArtifact,
  mediaTypes.ociArtifact,
];

/** Whether content of this media type is a manifest or an index. */
export function isManifestMediaType(mediaType: string): boolean {
  return manifestMediaTypes.includes(mediaType);
}

const mediaTypePattern = /^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}\/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}$/;

/**
 * Checks a media type against RFC 6838, 4.2 (no parameters).
 *
 * @throws {OciError} `ERR_OCI_INVALID`
 */
export function checkMediaType(text: string, where = 'media type'): void {
  if (!mediaTypePattern.test(text))
    throw new OciError(
      'ERR_OCI_INVALID',
      `${where}: expected a media type such as "application/json", found ${quote(text)}`,
    );
}
