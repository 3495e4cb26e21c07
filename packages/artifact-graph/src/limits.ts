import { GraphError } from './errors.js';

/** Bounds of a walk over a graph that somebody else made. */
export interface GraphLimits {
  /** How far from the root a node may be, over successors and referrers together. Default 16. */
  readonly maxDepth?: number;
  /** How many different nodes, blobs included. Default 10,000. */
  readonly maxNodes?: number;
}

const defaults: Required<GraphLimits> = { maxDepth: 16, maxNodes: 10_000 };

/** @internal */
export function checkDepth(depth: number, limits: GraphLimits): void {
  const { maxDepth = defaults.maxDepth } = limits;
  if (depth > maxDepth) throw exceeded(`expected a graph at most ${maxDepth} levels deep`, 'maxDepth');
}

/** @internal */
export function checkNodes(count: number, limits: GraphLimits): void {
  const { maxNodes = defaults.maxNodes } = limits;
  if (count > maxNodes) throw exceeded(`expected a graph of at most ${maxNodes} nodes`, 'maxNodes');
}

function exceeded(what: string, option: string): GraphError {
  return new GraphError('ERR_GRAPH_LIMIT', `${what}, found more; raise the option "${option}" if it is yours`);
}
