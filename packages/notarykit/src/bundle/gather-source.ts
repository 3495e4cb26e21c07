import type { GraphView } from '@notarykit/artifact-graph/internal';
import type { Repository } from '@notarykit/oci/internal';

/** A repository that is taken from, and the view that it is read through. */
export interface GatherSource {
  readonly repository: Repository;
  readonly view: GraphView;
}
