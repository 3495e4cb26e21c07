import { type CallOptions, defined, mapConcurrent } from '@notarykit/common/internal';
import { type Descriptor, type FetchedManifest, isNotFound, OciError } from '@notarykit/oci/internal';
import { type Graph, type GraphNode, isManifest, nodeKey, type SetAsideReferrer } from './graph.js';
import { checkLimit, type GraphLimits } from './limits.js';
import type { ContentCache } from './reader.js';
import type { Referrer } from './referrer.js';
import type { ReferrerQuery } from './referrers.js';
import { type Successor, successors } from './successors.js';

/** What a walk takes along. */
export interface WalkQuery extends CallOptions {
  /** Whose referrers are listed: of every manifest of the artifact and of its referrers, only of the root, of none. */
  readonly referrers: 'graph' | 'root' | 'none';
  /** How many steps from subject to referrer are taken. Default: all, within the limits. */
  readonly referrerDepth?: number;
  /** Only referrers of one of these artifact types. Default: all. */
  readonly artifactTypes?: readonly string[];
  /** Which successors are followed. */
  readonly follow: (successor: Successor, of: Descriptor) => boolean;
  /** Whether a child manifest may be absent; a subject always may. Default false: an error. */
  readonly sparse?: boolean;
  /** Requests at a time. Default 3. */
  readonly concurrency?: number;
  /** Called for each node that is found; what it throws ends the walk. */
  readonly onNode?: (node: Descriptor, found: number) => void;
}

/** What a view needs to walk. */
export interface WalkSource {
  readonly cache: ContentCache;
  readonly limits: GraphLimits;
  readonly referrers: (subject: Descriptor, query: ReferrerQuery) => AsyncIterable<Referrer>;
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
  readonly source: WalkSource;
  readonly query: WalkQuery;
  readonly nodes: Map<string, MutableNode>;
  readonly listed: Set<string>;
  readonly setAside: SetAsideReferrer[];
  readonly missing: Descriptor[];
}

/**
 * Every node that belongs to the root, each once, level by level, within the limits.
 *
 * @throws {GraphError} `ERR_GRAPH_LIMIT`
 */
export async function walk(source: WalkSource, root: Descriptor, query: WalkQuery): Promise<Graph> {
  const state: Walk = { source, query, nodes: new Map(), listed: new Set(), setAside: [], missing: [] };
  const list = query.referrers !== 'none' && depthOf(query) > 0;
  let frontier: readonly Visit[] = [{ descriptor: root, depth: 0, hops: 0, list, optional: false }];
  while (frontier.length > 0) {
    const found = await mapConcurrent(frontier, query.concurrency ?? 3, (visit) => visitNode(state, visit));
    frontier = merge(state, found.flat());
  }
  return { root, nodes: state.nodes, setAside: state.setAside, missing: state.missing };
}

function depthOf({ referrerDepth = Number.POSITIVE_INFINITY }: WalkQuery): number {
  return referrerDepth;
}

/** One visit per node and level; a visit is worth it if the node is new or its referrers are wanted for the first time. */
function merge({ nodes, listed }: Walk, visits: readonly Visit[]): readonly Visit[] {
  const next = new Map<string, Visit>();
  for (const visit of visits) {
    const key = nodeKey(visit.descriptor);
    const other = next.get(key);
    const known = nodes.get(key) ?? other;
    if (known !== undefined && known.descriptor.size !== visit.descriptor.size) throw sizesDiffer(visit.descriptor);
    if (nodes.has(key) && (!visit.list || listed.has(key))) continue;
    next.set(key, other === undefined ? visit : join(other, visit));
  }
  return [...next.values()];
}

function join(one: Visit, other: Visit): Visit {
  return { ...one, list: one.list || other.list, optional: one.optional && other.optional };
}

function sizesDiffer({ digest, size }: Descriptor): OciError {
  return new OciError(
    'ERR_OCI_SIZE_MISMATCH',
    `${digest}: one manifest gives its size as ${size}, another differently`,
  );
}

async function visitNode(walk: Walk, visit: Visit): Promise<readonly Visit[]> {
  const { descriptor, depth } = visit;
  checkLimit(walk.source.limits, 'maxDepth', depth, 'levels of the graph');
  if (!isManifest(descriptor)) {
    add(walk, { descriptor, successors: [], referrers: [] });
    return [];
  }
  const [read, listed] = await Promise.allSettled([readNode(walk, visit), visit.list ? list(walk, descriptor) : []]);
  const fetched = resultOf(read);
  const referrers = resultOf(listed);
  return fetched === undefined ? [] : expand(walk, visit, fetched, referrers);
}

function resultOf<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}

function expand(
  walk: Walk,
  visit: Visit,
  { manifest }: FetchedManifest,
  referrers: readonly Descriptor[],
): readonly Visit[] {
  const { descriptor } = visit;
  const followed = successors(manifest).filter((successor) => walk.query.follow(successor, descriptor));
  const node = walk.nodes.get(nodeKey(descriptor));
  if (node !== undefined) node.referrers = referrers;
  else add(walk, { descriptor, manifest, successors: followed.map((successor) => successor.descriptor), referrers });
  return [
    ...followed.map((successor) => down(walk.query, visit, successor)),
    ...referrers.map((referrer) => up(walk.query, visit, referrer)),
  ];
}

function down(query: WalkQuery, visit: Visit, { role, descriptor }: Successor): Visit {
  const list = visit.list && role === 'manifest' && (query.referrers === 'graph' || visit.hops > 0);
  const optional = role === 'subject' || (role === 'manifest' && query.sparse === true);
  return { ...visit, descriptor, depth: visit.depth + 1, list, optional };
}

function up(query: WalkQuery, visit: Visit, descriptor: Descriptor): Visit {
  const hops = visit.hops + 1;
  return { descriptor, depth: visit.depth + 1, hops, list: hops < depthOf(query), optional: false };
}

async function list(walk: Walk, subject: Descriptor): Promise<readonly Descriptor[]> {
  const { artifactTypes, concurrency = 3 } = walk.query;
  walk.listed.add(nodeKey(subject));
  const query = { ...callOf(walk.query), ...(artifactTypes && { artifactTypes }), ahead: concurrency - 1 };
  const referrers: Descriptor[] = [];
  for await (const referrer of walk.source.referrers(subject, { ...query, reading: 'tolerant' })) {
    if (referrer.kind === 'setAside') walk.setAside.push(setAsideOf(subject, referrer));
    else if (isOfType(referrer.artifactType, artifactTypes)) referrers.push(referrer.descriptor);
  }
  return referrers;
}

function isOfType(artifactType: string | undefined, wanted: readonly string[] | undefined): boolean {
  return wanted === undefined || (artifactType !== undefined && wanted.includes(artifactType));
}

function setAsideOf(
  subject: Descriptor,
  { descriptor, reason, cause }: Extract<Referrer, { kind: 'setAside' }>,
): SetAsideReferrer {
  return { subject, reason, cause, ...(descriptor && { descriptor }) };
}

async function readNode(walk: Walk, { descriptor, optional }: Visit): Promise<FetchedManifest | undefined> {
  try {
    return await walk.source.cache.manifest(descriptor, { ...callOf(walk.query), reading: 'tolerant' });
  } catch (error) {
    if (!optional || !isNotFound(error)) throw error;
    walk.missing.push(descriptor);
    return undefined;
  }
}

function callOf({ signal }: CallOptions): CallOptions {
  return defined({ signal });
}

function add(walk: Walk, node: MutableNode): void {
  walk.nodes.set(nodeKey(node.descriptor), node);
  checkLimit(walk.source.limits, 'maxNodes', walk.nodes.size, 'nodes of the graph');
  walk.query.onNode?.(node.descriptor, walk.nodes.size);
}
