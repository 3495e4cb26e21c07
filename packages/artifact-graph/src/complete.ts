import { type CallOptions, mapConcurrent } from '@notarykit/common/internal';
import type { Descriptor, Repository } from '@notarykit/oci/internal';
import { GraphError } from './errors.js';
import { isNondistributable } from './media-types.js';
import type { GraphView } from './view/view.js';

/**
 * Checks that everything a manifest names is there, its subject excepted.
 *
 * @throws {GraphError} `ERR_GRAPH_INCOMPLETE`
 * @internal
 */
export async function checkComplete(
  view: GraphView,
  repository: Repository,
  root: Descriptor,
  call: CallOptions,
): Promise<void> {
  const graph = await view.walk(root, {
    ...call,
    referrers: 'none',
    follow: ({ role, descriptor }) => role !== 'subject' && !isNondistributable(descriptor),
    sparse: true,
  });
  const blobs = [...graph.nodes.values()].filter((node) => node.manifest === undefined);
  const there = await mapConcurrent(blobs, 3, ({ descriptor }) => repository.exists(descriptor, call));
  const missing = [...graph.missing, ...blobs.filter((_, i) => there[i] !== true).map((node) => node.descriptor)];
  if (missing.length > 0) throw incomplete(repository, root, missing);
}

function incomplete(repository: Repository, root: Descriptor, missing: readonly Descriptor[]): GraphError {
  const first = missing[0]?.digest;
  return new GraphError(
    'ERR_GRAPH_INCOMPLETE',
    `${repository.name}: ${root.digest} names ${missing.length} manifests or blobs that are missing, the first is ${first}; push them before you tag it`,
    { detail: { repository: repository.name, descriptor: root, missing } },
  );
}
