import { memoized, requireText } from '@notarykit/common/internal';
import { type Digest, formatReference, parseImageName, type Reference } from '@notarykit/oci/internal';

/** An image as a cluster would pull it. */
export interface Image {
  /** As it is in the object. */
  readonly written: string;
  /** With registry, repository and tag or digest filled in. */
  readonly reference: Reference;
}

/**
 * Reads an image name as container runtimes do: `busybox` is `docker.io/library/busybox:latest`.
 *
 * @throws {OciError} `ERR_OCI_INVALID`
 */
export function parseImage(written: string): Image {
  return imageOf(requireText(written, 'image'));
}

const imageOf = /* @__PURE__ */ memoized(
  (written): Image => Object.freeze({ written, reference: Object.freeze(parseImageName(written)) }),
  1_000,
);

/** The image with the digest it was verified under; the name stays as it was written. */
export function pinned(image: Image, digest: Digest): string {
  if (image.reference.digest !== undefined) return image.written;
  const { tag } = image.reference;
  const named = /:[^/:]+$/.test(image.written) ? image.written : `${image.written}:${tag ?? 'latest'}`;
  return `${named}@${digest}`;
}

/** Text under which equal images are verified once. */
export function imageKey(image: Image): string {
  return formatReference(image.reference);
}
