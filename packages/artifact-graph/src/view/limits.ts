import { GraphError } from '../errors.js';

/** Bounds of what is read of a graph that somebody else made. Reaching one refuses: it never shortens an answer. */
export interface GraphLimits {
  /** How far from the root a node may be, over successors and referrers together. Default 16. */
  readonly maxDepth: number;
  /** Different nodes of a walk, blobs included. Default 20,000. */
  readonly maxNodes: number;
  /** Manifests of an index, those of indexes in it included. Default 1,000. */
  readonly maxManifests: number;
  /** Entries of the list of a subject's referrers. Default 10,000. */
  readonly maxReferrers: number;
  /** Bytes of a manifest. Default, and most that is ever parsed, 4 MiB. */
  readonly maxManifestBytes: number;
  /** Bytes of a blob that is held in memory, such as an envelope. Default 4 MiB. */
  readonly maxBlobBytes: number;
  /** Bytes of manifests and blobs that one view keeps; what is beyond is read again. Default 64 MiB. */
  readonly keptBytes: number;
}

const MiB = 1024 * 1024;

const defaults: GraphLimits = Object.freeze({
  maxDepth: 16,
  maxNodes: 20_000,
  maxManifests: 1000,
  maxReferrers: 10_000,
  maxManifestBytes: 4 * MiB,
  maxBlobBytes: 4 * MiB,
  keptBytes: 64 * MiB,
});

/**
 * All limits, those that are not given at their defaults.
 *
 * @throws {GraphError} `ERR_GRAPH_INVALID` for one that is not a whole number from 0
 */
export function graphLimits(given: Partial<GraphLimits> = {}): GraphLimits {
  const names = Object.keys(defaults) as (keyof GraphLimits)[];
  if (names.every((name) => given[name] === undefined)) return defaults;
  return Object.freeze(
    Object.fromEntries(names.map((name) => [name, checked(name, given[name])])),
  ) as unknown as GraphLimits;
}

function checked(name: keyof GraphLimits, value = defaults[name]): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new GraphError('ERR_GRAPH_INVALID', `limit ${name}: expected a whole number from 0, found ${String(value)}`);
}

/** @throws {GraphError} `ERR_GRAPH_LIMIT` when there is more than a limit allows; `what` says of which thing */
export function checkLimit(limits: GraphLimits, name: keyof GraphLimits, count: number, what: string): void {
  if (count <= limits[name]) return;
  throw new GraphError(
    'ERR_GRAPH_LIMIT',
    `${what}: expected at most ${limits[name]}, found more; raise the limit "${name}" if it is yours`,
  );
}
