import { type DiscoverOptions, type Discovery, discover as discoverGraph } from '@notarykit/artifact-graph';
import type { Repository } from '@notarykit/oci';
import type { ArtifactReference } from './reference.js';

/**
 * An artifact with its referrers and theirs, as a tree. Nothing in it is verified: a signature that is listed is not yet trusted.
 *
 * @throws {GraphError} `ERR_GRAPH_LIMIT`, `ERR_GRAPH_REFERENCE`
 * @throws {OciError} `ERR_OCI_NOT_FOUND`, `ERR_OCI_INVALID`, `ERR_OCI_DIGEST_MISMATCH`
 */
export function discover(
  repository: Repository,
  reference: ArtifactReference,
  options: DiscoverOptions = {},
): Promise<Discovery> {
  return discoverGraph(repository, reference, options);
}
