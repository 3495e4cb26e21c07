import type { Repository } from '@notarykit/oci/internal';
import { callOptions } from './call-options.js';
import { type PackedArtifact, type PackOptions, packArtifact } from './pack.js';
import type { ArtifactReference } from './view/resolve.js';
import { openGraph } from './view/view.js';

/** Options of {@link attachReferrer}. */
export interface AttachOptions extends Omit<PackOptions, 'subject'> {}

/**
 * Packs an artifact that refers to another one: a signature, an SBOM, a scan report. The subject is resolved once, and its
 * digest is in the outcome.
 *
 * @throws {GraphError} `ERR_GRAPH_INVALID`, `ERR_GRAPH_REFERENCE`
 * @throws {OciError} `ERR_OCI_NOT_FOUND`, `ERR_OCI_INVALID`
 *
 * @example
 * ```ts
 * await attachReferrer(repository, 'v1', {
 *   artifactType: 'application/spdx+json',
 *   layers: [{ mediaType: 'application/spdx+json', content: sbom }],
 * });
 * ```
 */
export async function attachReferrer(
  repository: Repository,
  subject: ArtifactReference,
  options: AttachOptions,
): Promise<PackedArtifact & { readonly subject: NonNullable<PackedArtifact['subject']> }> {
  const { descriptor } = await openGraph(repository).resolve(subject, callOptions(options));
  return { ...(await packArtifact(repository, { ...options, subject: descriptor })), subject: descriptor };
}
