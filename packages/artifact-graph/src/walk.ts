import { type CallOptions, mapConcurrent } from '@notarykit/common';
import {
  type ContentReader,
  type Descriptor,
  type FetchedManifest,
  isNotFound,
  type Manifest,
  OciError,
  type ReferrerLister,
} from '@notarykit/oci';
import { checkDepth, checkNodes, type GraphLimits } from './limits.js';
import { createManifestReader, isManifest, type ManifestReader } from './manifest-reader.js';
import { callOptions, type IgnoredReferrer, listReferrers, type ReferrerFilter } from './referrers.js';
import { type Successor, successors } from './view/successors.js';

/** A node of a walked graph. */
export interface GraphNode {
  readonly descriptor: Descriptor;
  /** There unless the node is a blob. */
  readonly manifest?: Manifest;
  /** What must be in a repository before this node may be. */
  readonly successors: readonly Descriptor[];
  /** Manifests whose `subject` this node is; empty where they were not asked for. */
  readonly referrers: readonly Descriptor[];
}

/** An artifact with all that belongs to it. */
export interface Graph {
  readonly root: Descriptor;
  /** By {@link nodeKey}. */
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** What was listed as a referrer and is none. */
  readonly ignored: readonly IgnoredReferrer[];
  /** Manifests that are named but are not in the repository, where that is allowed. */
  readonly missing: readonly Descriptor[];
}

/** @internal */
export interface WalkOptions extends ReferrerFilter, GraphLimits, CallOptions {
  readonly concurrency: number;
  /** Whose referrers are listed: of every manifest of the artifact, of the root alone, of none. */
  readonly referrers: 'graph' | 'root' | 'none';
  /** How many steps from subject to referrer are taken. */
  readonly referrerDepth: number;
  /** Which successors are followed. */
  readonly follow: (successor: Successor, of: Descriptor) => boolean;
  /** Whether a child manifest that is not there is an error. A subject that is not there never is. */
  readonly sparse: boolean;
  readonly reader?: ManifestReader;
}

interface Visit {
  readonly descriptor: Descriptor;
  readonly depth: number;
  readonly hops: number;
  readonly list: boolean;
  readonly optional: boolean;
}

interface MutableNode extends GraphNode {
  successors: readonly Descriptor[];
  referrers: readonly Descriptor[];
}

interface Walk {
  readonly source: ContentReader & ReferrerLister;
  readonly reader: ManifestReader;
  readonly options: WalkOptions;
  readonly nodes: Map<string, MutableNode>;
  readonly listed: Set<string>;
  readonly ignored: IgnoredReferrer[];
  readonly missing: Descriptor[];
}

/** One digest may be a manifest to one parent and a blob to another; a registry keeps the two apart. */
export function nodeKey(descriptor: Descriptor): string {
  return isManifest(descriptor) ? descriptor.digest : `blob ${descriptor.digest}`;
}

/**
 * Every node that belongs to the root, each once, level by level, within the limits.
 *
 * @throws {GraphError} `ERR_GRAPH_LIMIT`
 * @internal
 */
export async function walkGraph(
  source: ContentReader & ReferrerLister,
  root: Descriptor,
  options: WalkOptions,
): Promise<Graph> {
  const reader = options.reader ?? createManifestReader(source);
  const walk: Walk = { source, reader, options, nodes: new Map(), listed: new Set(), ignored: [], missing: [] };
  let frontier: readonly Visit[] = [
    {
      descriptor: root,
      depth: 0,
      hops: 0,
      list: options.referrers !== 'none' && options.referrerDepth > 0,
      optional: false,
    },
  ];
  while (frontier.length > 0) {
    const found = await mapConcurrent(frontier, options.concurrency, (visit) => visitNode(walk, visit));
    frontier = merge(walk, found.flat());
  }
  return { root, nodes: walk.nodes, ignored: walk.ignored, missing: walk.missing };
}

/** One visit per node and level; a visit is worth it if the node is new or its referrers are wanted for the first time. */
function merge(walk: Walk, visits: readonly Visit[]): readonly Visit[] {
  const next = new Map<string, Visit>();
  for (const visit of visits) {
    const key = nodeKey(visit.descriptor);
    const known = walk.nodes.get(key) ?? next.get(key);
    if (known !== undefined && known.descriptor.size !== visit.descriptor.size) throw sizesDiffer(visit.descriptor);
    if (walk.nodes.has(key) && (!visit.list || walk.listed.has(key))) continue;
    const other = next.get(key);
    next.set(
      key,
      other === undefined
        ? visit
        : { ...other, list: other.list || visit.list, optional: other.optional && visit.optional },
    );
  }
  return [...next.values()];
}

function sizesDiffer({ digest, size }: Descriptor): OciError {
  return new OciError(
    'ERR_OCI_SIZE_MISMATCH',
    `${digest}: one manifest gives its size as ${size}, another differently`,
  );
}

async function visitNode(walk: Walk, visit: Visit): Promise<readonly Visit[]> {
  const { descriptor, depth, list } = visit;
  checkDepth(depth, walk.options);
  if (!isManifest(descriptor)) {
    add(walk, { descriptor, successors: [], referrers: [] });
    return [];
  }
  const key = nodeKey(descriptor);
  if (list) walk.listed.add(key);
  const [fetched, listing] = await Promise.all([
    read(walk, visit),
    list ? listReferrers(walk.source, walk.reader, descriptor, walk.options) : undefined,
  ]);
  if (fetched === undefined) return [];
  walk.ignored.push(...(listing?.ignored ?? []));
  const followed = successors(fetched.manifest).filter((successor) => walk.options.follow(successor, descriptor));
  const referrers = listing?.referrers.map((referrer) => referrer.descriptor) ?? [];
  const node = walk.nodes.get(key);
  if (node !== undefined) node.referrers = referrers;
  else add(walk, { descriptor, manifest: fetched.manifest, successors: followed.map((s) => s.descriptor), referrers });
  return [
    ...followed.map((successor) => down(walk, visit, successor)),
    ...referrers.map((referrer) => up(walk, visit, referrer)),
  ];
}

function down({ options }: Walk, visit: Visit, { role, descriptor }: Successor): Visit {
  const list = visit.list && role === 'manifest' && (options.referrers === 'graph' || visit.hops > 0);
  return {
    ...visit,
    descriptor,
    depth: visit.depth + 1,
    list,
    optional: role === 'subject' || (role === 'manifest' && options.sparse),
  };
}

function up({ options }: Walk, visit: Visit, descriptor: Descriptor): Visit {
  const hops = visit.hops + 1;
  return { descriptor, depth: visit.depth + 1, hops, list: hops < options.referrerDepth, optional: false };
}

async function read(walk: Walk, { descriptor, optional }: Visit): Promise<FetchedManifest | undefined> {
  try {
    return await walk.reader.read(descriptor, callOptions(walk.options));
  } catch (error) {
    if (!optional || !isNotFound(error)) throw error;
    walk.missing.push(descriptor);
    return undefined;
  }
}

function add(walk: Walk, node: MutableNode): void {
  walk.nodes.set(nodeKey(node.descriptor), node);
  checkNodes(walk.nodes.size, walk.options);
}
