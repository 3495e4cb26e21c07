import { type CallOptions, mapConcurrent } from '@notarykit/common';
import { type Descriptor, isNotFound, type Repository } from '@notarykit/oci';
import { createManifestReader, type ManifestReader } from '../manifest-reader.js';
import { isNondistributable } from '../media-types.js';
import { callOptions } from '../referrers.js';
import { type Graph, type GraphNode, type WalkOptions, walkGraph } from '../walk.js';
import { digestTagsOf } from './digest-tags.js';
import type { CopyOptions, ReferrerSelection } from './options.js';
import { type Selection, selectPlatforms } from './select-platforms.js';

/** Everything that a copy moves, known before the first byte is written. */
export interface CopyPlan {
  readonly graph: Graph;
  readonly reader: ManifestReader;
  /** Tags beside those of the root. */
  readonly digestTags: readonly (readonly [tag: string, descriptor: Descriptor])[];
}

/** Walks the source. */
export async function planCopy(source: Repository, resolved: Descriptor, options: CopyOptions): Promise<CopyPlan> {
  const reader = createManifestReader(source);
  const selection = await select(source, reader, resolved, options);
  if (selection.made !== undefined) reader.keep(selection.made);
  const walk = walkOptions(options, selection, reader);
  const graph = await walkGraph(source, selection.root, walk);
  if (options.digestTags !== true) return { graph, reader, digestTags: [] };
  return await withDigestTags(source, graph, walk, reader);
}

async function select(
  source: Repository,
  reader: ManifestReader,
  root: Descriptor,
  options: CopyOptions,
): Promise<Selection> {
  const { platforms, sparse = false } = options;
  if (platforms === undefined) return { root };
  return await selectPlatforms(source, reader, root, { platforms, sparse, ...callOptions(options) });
}

/** @internal */
export function walkOptions(options: CopyOptions, { root, only }: Selection, reader: ManifestReader): WalkOptions {
  const { concurrency = 3, sparse = false, referrers = true } = options;
  const selection: ReferrerSelection = typeof referrers === 'object' ? referrers : {};
  return {
    ...options,
    concurrency,
    reader,
    sparse,
    referrers: referrers === false ? 'none' : (selection.of ?? 'graph'),
    referrerDepth: selection.depth ?? Number.POSITIVE_INFINITY,
    ...(selection.artifactTypes && { artifactTypes: selection.artifactTypes }),
    follow: ({ role, descriptor }, of) => {
      if (role === 'manifest' && only !== undefined && of.digest === root.digest) return only.has(descriptor.digest);
      return options.nondistributable === true || !isNondistributable(descriptor);
    },
  };
}

async function withDigestTags(
  source: Repository,
  graph: Graph,
  walk: WalkOptions,
  reader: ManifestReader,
): Promise<CopyPlan> {
  const manifests = [...graph.nodes.values()].filter((node) => node.manifest !== undefined);
  const names = (await mapConcurrent(manifests, 1, ({ descriptor }) => digestTagsOf(source, descriptor, walk))).flat();
  const found = await mapConcurrent(names, walk.concurrency, (tag) => resolveIfThere(source, tag, callOptions(walk)));
  const digestTags = names.flatMap((tag, i) => (found[i] === undefined ? [] : [[tag, found[i]] as const]));
  const nodes = new Map<string, GraphNode>(graph.nodes);
  for (const [, root] of digestTags)
    for (const [key, node] of (await walkGraph(source, root, { ...walk, referrers: 'none' })).nodes)
      if (!nodes.has(key)) nodes.set(key, node);
  return { graph: { ...graph, nodes }, reader, digestTags };
}

async function resolveIfThere(source: Repository, tag: string, options: CallOptions): Promise<Descriptor | undefined> {
  try {
    return await source.resolve(tag, options);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
