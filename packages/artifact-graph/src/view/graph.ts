import { type Descriptor, isManifestMediaType, type Manifest, OciError } from '@notarykit/oci/internal';
import type { Referrer } from './referrer.js';

/** A node of a walked graph. */
export interface GraphNode {
  readonly descriptor: Descriptor;
  /** There unless the node is a blob. */
  readonly manifest?: Manifest;
  /** What must be in a repository before this node may be. */
  readonly successors: readonly Descriptor[];
  /** Manifests whose `subject` this node is; empty where they were not asked for. */
  readonly referrers: readonly Descriptor[];
}

/** An entry that was listed as a referrer and does not count, and whose referrer it was said to be. */
export type SetAsideReferrer = Omit<Extract<Referrer, { kind: 'setAside' }>, 'kind'> & { readonly subject: Descriptor };

/** An artifact with all that belongs to it. */
export interface Graph {
  readonly root: Descriptor;
  /** By digest; of a blob `blob <digest>`. */
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly setAside: readonly SetAsideReferrer[];
  /** Manifests that are named but are not in the repository, where that is allowed. */
  readonly missing: readonly Descriptor[];
}

/** One digest may be a manifest to one parent and a blob to another; a registry keeps the two apart. */
export function nodeKey(descriptor: Descriptor): string {
  return isManifest(descriptor) ? descriptor.digest : `blob ${descriptor.digest}`;
}

const retired: readonly string[] = [
  'application/vnd.docker.distribution.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v1+prettyjws',
];

/**
 * Whether a node is a manifest.
 *
 * @throws {OciError} `ERR_OCI_UNSUPPORTED` for Docker schema 1, whose digest is not over its bytes
 */
export function isManifest({ mediaType, digest }: Descriptor): boolean {
  if (retired.includes(mediaType))
    throw new OciError(
      'ERR_OCI_UNSUPPORTED',
      `${digest} is a Docker schema 1 manifest; pull and push it with a newer client`,
    );
  return isManifestMediaType(mediaType);
}
