import type { GraphView } from '@notarykit/artifact-graph/internal';
import type { CallOptions } from '@notarykit/common/internal';
import type { Descriptor } from '@notarykit/oci/internal';

/** The manifests in an index that can run, as the index lists them. Nothing for an artifact that is not an index. */
export async function runnableIn(
  view: GraphView,
  artifact: Descriptor,
  call: CallOptions,
): Promise<readonly Descriptor[] | undefined> {
  const { index, runnable } = await view.platforms(artifact, call);
  return index ? runnable.map(({ descriptor }) => descriptor) : undefined;
}

/** A manifest as it is signed: without the platform that an index gives it. */
export function asSigned({ mediaType, digest, size }: Descriptor): Descriptor {
  return { mediaType, digest, size };
}
