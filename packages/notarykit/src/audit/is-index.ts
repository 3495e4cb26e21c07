import { type Descriptor, mediaTypes } from '@notarykit/oci/internal';

/** Whether a descriptor says that it is of an image index or a Docker manifest list. */
export function isIndex({ mediaType }: Descriptor): boolean {
  return mediaType === mediaTypes.imageIndex || mediaType === mediaTypes.dockerManifestList;
}
