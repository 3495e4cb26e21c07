import { type DiscoverOptions, type Discovery, discover as discoverGraph } from '@notarykit/artifact-graph';
import type { Repository } from '@notarykit/oci';
import { type ArtifactReference, callOptions, resolveArtifact } from './reference.js';

/**
 * An artifact with its referrers and theirs, as a tree. Nothing in it is verified: a signature that is listed is not yet trusted.
 *
 * @throws {GraphError} `ERR_GRAPH_LIMIT`
 * @throws {OciError} `ERR_OCI_NOT_FOUND`, `ERR_OCI_INVALID`, `ERR_OCI_DIGEST_MISMATCH`
 */
export async function discover(
  repository: Repository,
  reference: ArtifactReference,
  options: DiscoverOptions = {},
): Promise<Discovery> {
  const { descriptor } = await resolveArtifact(repository, reference, callOptions(options));
  return discoverGraph(repository, descriptor, options);
}
