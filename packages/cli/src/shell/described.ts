import { defined } from '@notarykit/common/internal';
import type { Descriptor } from '@notarykit/oci/internal';

/** A descriptor with its full reference, in the members and the order in which oras prints them. */
export function referenceOf(repository: string, descriptor: Descriptor): object {
  const { mediaType, digest, size, annotations, artifactType } = descriptor;
  return {
    reference: `${repository}@${digest}`,
    mediaType,
    digest,
    size,
    ...defined({ annotations, artifactType }),
  };
}
