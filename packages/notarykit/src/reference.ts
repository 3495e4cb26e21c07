import { type Artifact, type ArtifactReference, openGraph } from '@notarykit/artifact-graph/internal';
import { type CallOptions, defined } from '@notarykit/common/internal';
import type { Repository } from '@notarykit/oci/internal';
import { checkArgument } from './argument.js';

export type { Artifact, ArtifactReference } from '@notarykit/artifact-graph/internal';

/** Resolves a reference once: {@link GraphView.resolve} of a view that is for nothing else. */
export function resolveArtifact(
  repository: Repository,
  reference: ArtifactReference,
  options: CallOptions = {},
): Promise<Artifact> {
  return openGraph(repository).resolve(reference, callOptions(options));
}

/**
 * Only the options that every call takes.
 *
 * @throws {NotaryKitError} `ERR_NOTARYKIT_ARGUMENT` where there are no options
 */
export function callOptions(options: CallOptions): CallOptions {
  checkArgument('options', options);
  const { signal } = options;
  return defined({ signal });
}
