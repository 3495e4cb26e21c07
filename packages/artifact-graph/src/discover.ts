import { type CallOptions, defined } from '@notarykit/common/internal';
import type { Descriptor, Manifest, Repository } from '@notarykit/oci/internal';
import { callOptions } from './call-options.js';
import { type Graph, isManifest, nodeKey, type SetAsideReferrer } from './view/graph.js';
import type { GraphLimits } from './view/limits.js';
import type { ArtifactReference } from './view/resolve.js';
import { openGraph } from './view/view.js';

/** Options of {@link discover}. */
export interface DiscoverOptions extends Partial<GraphLimits>, CallOptions {
  /** Only referrers of one of these artifact types. Default: all. */
  readonly artifactTypes?: readonly string[];
  /** How many steps from subject to referrer are taken: 1 is the artifact's own referrers. Default: all, within the limits. */
  readonly depth?: number;
  /** Whether the manifests of an index are looked at too. Default true. */
  readonly manifests?: boolean;
  /** Requests at a time. Default 3. */
  readonly concurrency?: number;
  /** Called for each manifest that is read; what it throws ends the work. */
  readonly onProgress?: (progress: DiscoverProgress) => void;
}

/** Progress of a discovery: the total number of manifests is known only at its end. */
export interface DiscoverProgress {
  readonly found: number;
  /** The manifest that was read last. */
  readonly node: Descriptor;
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
  /** What the registry listed as a referrer and does not count, each with its reason. */
  readonly setAside: readonly SetAsideReferrer[];
  /** Manifests of an index that are not in the repository. */
  readonly missing: readonly Descriptor[];
}

/**
 * An artifact, the manifests of an index, their referrers and the referrers of referrers, as a tree. Every manifest is fetched
 * and hashed, and a referrer counts only if its own `subject` says so; what does not is in `setAside`.
 *
 * @throws {GraphError} `ERR_GRAPH_LIMIT`, `ERR_GRAPH_REFERENCE`
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
  reference: ArtifactReference,
  options: DiscoverOptions = {},
): Promise<Discovery> {
  const { concurrency = 3, artifactTypes, depth, manifests = true, onProgress } = options;
  const view = openGraph(repository, options);
  const { descriptor } = await view.resolve(reference, callOptions(options));
  const graph = await view.walk(descriptor, {
    ...callOptions(options),
    concurrency,
    referrers: 'graph',
    ...defined({ referrerDepth: depth, artifactTypes }),
    follow: (successor) => successor.role === 'manifest' && manifests && isManifest(successor.descriptor),
    sparse: true,
    ...(onProgress === undefined ? {} : { onNode: (node, found) => onProgress({ found, node }) }),
  });
  return { ...grow(graph), setAside: graph.setAside, missing: graph.missing };
}

interface Branch extends ArtifactNode {
  readonly referrers: Branch[];
  readonly manifests: Branch[];
}

interface Task {
  readonly descriptor: Descriptor;
  readonly siblings: Branch[];
}

/** The tree of a graph: in the order in which it is read, a node stands whole where it comes first. */
function grow(graph: Graph): Branch {
  const top: Branch[] = [];
  const seen = new Set<string>();
  const tasks: Task[] = [{ descriptor: graph.root, siblings: top }];
  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
    const key = nodeKey(task.descriptor);
    const node = graph.nodes.get(key);
    if (node?.manifest === undefined) continue;
    const repeated = seen.has(key);
    const branch = { descriptor: task.descriptor, manifest: node.manifest, referrers: [], manifests: [], repeated };
    task.siblings.push(branch);
    if (repeated) continue;
    seen.add(key);
    tasks.push(...below(node.successors, branch.manifests), ...below(node.referrers, branch.referrers));
  }
  const [root] = top;
  if (root === undefined) throw new Error('unreachable: the root was walked');
  return root;
}

/** Last in, first out. */
function below(descriptors: readonly Descriptor[], siblings: Branch[]): readonly Task[] {
  return descriptors.map((descriptor) => ({ descriptor, siblings })).reverse();
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
  const waiting: (FoundReferrer | { readonly tree: ArtifactNode; readonly depth: number })[] = [{ tree, depth }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if ('node' in next) yield next;
    const [from, hops] = 'node' in next ? [next.node, next.depth + 1] : [next.tree, next.depth];
    const referrers = from.referrers.map((node) => ({ node, subject: from.descriptor, depth: hops }));
    const manifests = from.manifests.map((child) => ({ tree: child, depth: hops }));
    waiting.push(...[...referrers, ...manifests].reverse());
  }
}
