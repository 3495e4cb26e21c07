import type { CallOptions } from '@notarykit/common';
import type { Descriptor, Manifest, Repository } from '@notarykit/oci';
import type { GraphLimits } from './limits.js';
import { isManifest } from './manifest-reader.js';
import { callOptions, type IgnoredReferrer, type ReferrerFilter } from './referrers.js';
import { resolveSubject, type Subject } from './resolve.js';
import { type Graph, nodeKey, walkGraph } from './walk.js';

/** Options of {@link discover}. */
export interface DiscoverOptions extends ReferrerFilter, GraphLimits, CallOptions {
  /** How many steps from subject to referrer are taken: 1 is the artifact's own referrers. Default: all, within the limits. */
  readonly depth?: number;
  /** Whether the manifests of an index are looked at too. Default true. */
  readonly manifests?: boolean;
  /** Requests at a time. Default 3. */
  readonly concurrency?: number;
}

/** A manifest with its referrers. */
export interface ArtifactNode {
  readonly descriptor: Descriptor;
  readonly manifest: Manifest;
  /** Manifests whose `subject` this is, in the registry's order. */
  readonly referrers: readonly ArtifactNode[];
  /** The manifests of an index. */
  readonly manifests: readonly ArtifactNode[];
  /** True if the same node stands earlier in the tree, with its referrers and manifests, which are left out here. */
  readonly repeated: boolean;
}

/** An artifact as a tree. */
export interface Discovery extends ArtifactNode {
  /** What the registry listed as a referrer and is none. */
  readonly ignored: readonly IgnoredReferrer[];
  /** Manifests of an index that are not in the repository. */
  readonly missing: readonly Descriptor[];
}

/**
 * An artifact, the manifests of an index, their referrers and the referrers of referrers, as a tree. Every manifest is fetched
 * and hashed, and a referrer counts only if its own `subject` says so.
 *
 * @throws {GraphError} `ERR_GRAPH_LIMIT`
 * @throws {OciError} `ERR_OCI_NOT_FOUND`, `ERR_OCI_INVALID`, `ERR_OCI_DIGEST_MISMATCH`
 *
 * @example
 * ```ts
 * const tree = await discover(repository, 'v1', { artifactTypes: ['application/vnd.cncf.notary.signature'] });
 * for (const { node, subject } of referrersOf(tree)) console.log(node.descriptor.digest, 'of', subject.digest);
 * ```
 */
export async function discover(
  repository: Repository,
  subject: Subject,
  options: DiscoverOptions = {},
): Promise<Discovery> {
  const root = await resolveSubject(repository, subject, callOptions(options));
  const graph = await walkGraph(repository, root, {
    ...options,
    concurrency: options.concurrency ?? 3,
    referrers: 'graph',
    referrerDepth: options.depth ?? Number.POSITIVE_INFINITY,
    follow: ({ role, descriptor }) => role === 'manifest' && options.manifests !== false && isManifest(descriptor),
    sparse: true,
  });
  const tree = grow(graph, root, new Set());
  if (tree === undefined) throw new Error('unreachable: the root was walked');
  return { ...tree, ignored: graph.ignored, missing: graph.missing };
}

function grow(graph: Graph, descriptor: Descriptor, seen: Set<string>): ArtifactNode | undefined {
  const key = nodeKey(descriptor);
  const node = graph.nodes.get(key);
  if (node?.manifest === undefined) return undefined;
  const { manifest } = node;
  if (seen.has(key)) return { descriptor, manifest, referrers: [], manifests: [], repeated: true };
  seen.add(key);
  const branch = (descriptors: readonly Descriptor[]): readonly ArtifactNode[] =>
    descriptors.map((child) => grow(graph, child, seen)).filter((child) => child !== undefined);
  return {
    descriptor,
    manifest,
    referrers: branch(node.referrers),
    manifests: branch(node.successors),
    repeated: false,
  };
}

/** A referrer with its subject and its distance from the artifact. */
export interface FoundReferrer {
  readonly node: ArtifactNode;
  readonly subject: Descriptor;
  /** 1 for a referrer of the artifact or of a manifest of it. */
  readonly depth: number;
}

/** Every referrer of a tree, subjects before their referrers. */
export function* referrersOf(tree: ArtifactNode, depth = 1): Generator<FoundReferrer, void, void> {
  for (const node of tree.referrers) {
    yield { node, subject: tree.descriptor, depth };
    yield* referrersOf(node, depth + 1);
  }
  for (const child of tree.manifests) yield* referrersOf(child, depth);
}
