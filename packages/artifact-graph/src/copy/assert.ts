import { mapConcurrent } from '@notarykit/common/internal';
import { artifactTypeOf, type Descriptor, type Repository } from '@notarykit/oci/internal';
import { callOptions } from '../call-options.js';
import { GraphError } from '../errors.js';
import { type Graph, nodeKey } from '../view/graph.js';
import { findUnlisted, type ReferrerEdge } from '../view/listed.js';
import type { GraphView } from '../view/view.js';
import type { WalkQuery } from '../view/walk.js';

/** What a target must hold. The view is a fresh one: what was just written is asked of the repository itself. */
export interface Expected {
  readonly target: Repository;
  readonly view: GraphView;
  readonly graph: Graph;
  readonly query: WalkQuery;
}

/**
 * Checks that a repository holds a graph: each node, and each referrer listed under its subject.
 *
 * @throws {GraphError} `ERR_GRAPH_INCOMPLETE`
 */
export async function assertGraph({ target, view, graph, query }: Expected): Promise<void> {
  const found = await view.walk(graph.root, { ...query, sparse: true });
  const nodes = [...graph.nodes.entries()];
  const absent = nodes.filter(([key]) => !found.nodes.has(key)).map(([, node]) => node.descriptor);
  const blobs = nodes.filter(([key, node]) => found.nodes.has(key) && node.manifest === undefined);
  const there = await mapConcurrent(blobs, query.concurrency ?? 3, ([, { descriptor }]) =>
    target.exists(descriptor, callOptions(query)),
  );
  const lost = blobs.filter((_, i) => there[i] !== true).map(([, node]) => node.descriptor);
  refuse(target, [...absent, ...lost], 'are missing');
}

/**
 * Checks that each referrer of a graph is listed under its subject, and lists those that are not: a crash between writing a
 * manifest and listing it leaves one that exists but is not listed.
 */
export async function assertReferrers(
  expected: Expected,
  bytesOf: (descriptor: Descriptor) => Promise<Uint8Array>,
): Promise<void> {
  const { target, query } = expected;
  const lost = await unlisted(expected);
  if (lost.length === 0) return;
  for (const descriptor of lost) await target.push(descriptor, await bytesOf(descriptor), callOptions(query));
  refuse(target, await unlisted(expected), 'are not listed as referrers of their subject');
}

async function unlisted({ view, graph, query }: Expected): Promise<readonly Descriptor[]> {
  const lost = await findUnlisted(view, edgesOf(graph), query);
  return lost.map(({ referrer }) => referrer);
}

/** Each referrer with the type that its manifest has, whatever the source listed. */
function edgesOf({ nodes }: Graph): readonly ReferrerEdge[] {
  return [...nodes.values()].flatMap(({ descriptor: subject, referrers }) =>
    referrers.map(({ mediaType, digest, size }) => {
      const manifest = nodes.get(nodeKey({ mediaType, digest, size }))?.manifest;
      const artifactType = manifest && artifactTypeOf(manifest);
      return { subject, referrer: { mediaType, digest, size, ...(artifactType && { artifactType }) } };
    }),
  );
}

function refuse(repository: Repository, missing: readonly Descriptor[], what: string): void {
  if (missing.length === 0) return;
  throw new GraphError(
    'ERR_GRAPH_INCOMPLETE',
    `${repository.name}: after the copy ${missing.length} ${what}, the first is ${missing[0]?.digest}`,
    { detail: { repository: repository.name, missing } },
  );
}
