import type { GraphView } from '@notarykit/artifact-graph';
import type { CallOptions } from '@notarykit/common';
import type { Descriptor } from '@notarykit/oci';

/**
 * The manifests in an index that can run, as they are signed: without the platform that the index gives them. Nothing for an artifact
 * that is no index.
 */
export async function runnableIn(
  view: GraphView,
  artifact: Descriptor,
  call: CallOptions,
): Promise<readonly Descriptor[] | undefined> {
  const { index, runnable } = await view.platforms(artifact, call);
  if (!index) return undefined;
  return runnable.map(({ descriptor: { mediaType, digest, size } }) => ({ mediaType, digest, size }));
}
