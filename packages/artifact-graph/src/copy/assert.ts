import { mapConcurrent } from '@notarykit/common';
import type { Descriptor, Repository } from '@notarykit/oci';
import { GraphError } from '../errors.js';
import { callOptions } from '../referrers.js';
import { type Graph, nodeKey, type WalkOptions, walkGraph } from '../walk.js';

/**
 * Checks that a repository holds a graph: each node, and each referrer listed under its subject.
 *
 * @throws {GraphError} `ERR_GRAPH_INCOMPLETE`
 */
export async function assertGraph(repository: Repository, expected: Graph, options: WalkOptions): Promise<void> {
  const { reader: _, ...fresh } = options;
  const found = await walkGraph(repository, expected.root, { ...fresh, sparse: true });
  const nodes = [...expected.nodes.entries()];
  const absent = nodes.filter(([key]) => !found.nodes.has(key)).map(([, node]) => node.descriptor);
  const blobs = nodes.filter(([key, node]) => found.nodes.has(key) && node.manifest === undefined);
  const there = await mapConcurrent(blobs, options.concurrency, ([, { descriptor }]) =>
    repository.exists(descriptor, callOptions(options)),
  );
  const lost = blobs.filter((_, i) => there[i] !== true).map(([, node]) => node.descriptor);
  refuse(repository, [...absent, ...lost], 'are not there');
}

/**
 * Checks that each referrer of a graph is listed under its subject, and lists those that are not: a crash between writing a
 * manifest and listing it leaves one that is there and that nobody finds.
 */
export async function assertReferrers(
  repository: Repository,
  expected: Graph,
  options: WalkOptions,
  bytesOf: (descriptor: Descriptor) => Promise<Uint8Array>,
): Promise<void> {
  const lost = await unlisted(repository, expected, options);
  if (lost.length === 0) return;
  for (const descriptor of lost) await repository.push(descriptor, await bytesOf(descriptor), callOptions(options));
  refuse(repository, await unlisted(repository, expected, options), 'are not listed as referrers of their subject');
}

async function unlisted(repository: Repository, expected: Graph, options: WalkOptions): Promise<readonly Descriptor[]> {
  const subjects = [...expected.nodes.values()].filter((node) => node.referrers.length > 0);
  const lost = await mapConcurrent(subjects, options.concurrency, async ({ descriptor, referrers }) => {
    const unseen = new Map(referrers.map((referrer) => [nodeKey(referrer), referrer]));
    for await (const found of repository.referrers(descriptor, callOptions(options))) {
      unseen.delete(found.digest);
      if (unseen.size === 0) break;
    }
    return [...unseen.values()];
  });
  return lost.flat();
}

function refuse(repository: Repository, missing: readonly Descriptor[], what: string): void {
  if (missing.length === 0) return;
  throw new GraphError(
    'ERR_GRAPH_INCOMPLETE',
    `${repository.name}: after the copy ${missing.length} ${what}, the first is ${missing[0]?.digest}`,
    { detail: { repository: repository.name, missing } },
  );
}
