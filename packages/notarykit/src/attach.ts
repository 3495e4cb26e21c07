import {
  type AttachOptions,
  attachReferrer as attachArtifact,
  type PackedArtifact,
} from '@notarykit/artifact-graph/internal';
import type { Descriptor, Repository } from '@notarykit/oci/internal';
import type { ArtifactReference } from './reference.js';

/**
 * Attaches an artifact to another one without signing it: `signFile` does both. The reference is resolved once.
 *
 * @throws {GraphError} `ERR_GRAPH_INVALID`, `ERR_GRAPH_REFERENCE`
 * @throws {OciError} `ERR_OCI_NOT_FOUND`, `ERR_OCI_INVALID`
 */
export function attach(
  repository: Repository,
  reference: ArtifactReference,
  options: AttachOptions,
): Promise<PackedArtifact & { readonly subject: Descriptor }> {
  return attachArtifact(repository, reference, options);
}
