import { type CallOptions, defined, mapConcurrent } from '@notarykit/common/internal';
import { type Descriptor, isNotFound, type Repository } from '@notarykit/oci/internal';
import { callOptions } from '../call-options.js';
import { isNondistributable } from '../media-types.js';
import { type Graph, type GraphNode, nodeKey } from '../view/graph.js';
import { successors } from '../view/successors.js';
import type { GraphView, Session } from '../view/view.js';
import type { WalkQuery } from '../view/walk.js';
import { digestTagsOf } from './digest-tags.js';
import type { CopyGraphOptions, ReferrerSelection } from './options.js';
import { type Selection, selectPlatforms } from './select-platforms.js';

/** Everything that a copy moves, known before the first byte is written. */
export interface CopyPlan {
  readonly graph: Graph;
  readonly session: Session;
  /** How the source was walked, and how the target is. */
  readonly query: WalkQuery;
  /** Tags beside those of the root. */
  readonly digestTags: readonly (readonly [tag: string, descriptor: Descriptor])[];
}

/** Layers that the plan leaves out because registries normally do not hold them, each once. */
export function notCopiedOf({ graph }: CopyPlan): readonly Descriptor[] {
  const left = new Map<string, Descriptor>();
  for (const { manifest } of graph.nodes.values())
    for (const { descriptor } of manifest === undefined ? [] : successors(manifest))
      if (isNondistributable(descriptor) && !graph.nodes.has(nodeKey(descriptor)))
        left.set(nodeKey(descriptor), descriptor);
  return [...left.values()];
}

/** Walks the source. */
export async function planCopy(
  source: Repository,
  session: Session,
  resolved: Descriptor,
  options: CopyGraphOptions,
): Promise<CopyPlan> {
  const { view, cache } = session;
  const selection = await select(session, resolved, options);
  if (selection.made !== undefined) cache.pin(selection.made);
  const query = walkQuery(options, selection);
  const graph = await view.walk(selection.root, query);
  checkAvailable(graph);
  if (options.digestTags !== true) return { graph, session, query, digestTags: [] };
  return await withDigestTags(source, { graph, session, query, digestTags: [] });
}

/** What could not be read might be the one that counts: a copy without it would lose it without a word. */
function checkAvailable({ setAside }: Graph): void {
  const lost = setAside.find(({ reason }) => reason === 'unavailable');
  if (lost !== undefined) throw lost.cause;
}

async function select(session: Session, root: Descriptor, options: CopyGraphOptions): Promise<Selection> {
  const { platforms, sparse = false } = options;
  if (platforms === undefined) return { root };
  return await selectPlatforms(session, root, { platforms, sparse, ...callOptions(options) });
}

function walkQuery(options: CopyGraphOptions, { root, left }: Selection): WalkQuery {
  const { concurrency = 3, sparse = false, referrers = true } = options;
  const selection: ReferrerSelection = typeof referrers === 'object' ? referrers : {};
  return {
    ...callOptions(options),
    concurrency,
    sparse,
    referrers: referrers === false ? 'none' : (selection.of ?? 'graph'),
    ...defined({ referrerDepth: selection.depth, artifactTypes: selection.artifactTypes }),
    follow: ({ role, descriptor }, of) => {
      if (role === 'manifest' && of.digest === root.digest && left?.has(descriptor.digest) === true) return false;
      return options.nondistributable === true || !isNondistributable(descriptor);
    },
  };
}

async function withDigestTags(source: Repository, plan: CopyPlan): Promise<CopyPlan> {
  const { graph, query } = plan;
  const { view } = plan.session;
  const call = callOptions(query);
  const manifests = [...graph.nodes.values()].filter((node) => node.manifest !== undefined);
  const names = (await mapConcurrent(manifests, 1, ({ descriptor }) => digestTagsOf(source, descriptor, call))).flat();
  const found = await mapConcurrent(names, query.concurrency ?? 3, (tag) => resolveIfThere(view, tag, call));
  const digestTags = names.flatMap((tag, i) => (found[i] === undefined ? [] : [[tag, found[i]] as const]));
  const nodes = new Map<string, GraphNode>(graph.nodes);
  for (const [, root] of digestTags)
    for (const [key, node] of (await view.walk(root, { ...query, referrers: 'none' })).nodes)
      if (!nodes.has(key)) nodes.set(key, node);
  return { ...plan, graph: { ...graph, nodes }, digestTags };
}

async function resolveIfThere(view: GraphView, tag: string, call: CallOptions): Promise<Descriptor | undefined> {
  try {
    return (await view.resolve(tag, call)).descriptor;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
