import type { CallOptions } from '@notarykit/common/internal';
import type { ContentDeleter, ContentLister, Descriptor, Repository, TagLister } from '@notarykit/oci/internal';
import type { GraphLimits } from '../view/limits.js';

/** Why a node is garbage. */
export type GarbageReason =
  /** A manifest that no tag leads to. */
  | 'untagged'
  /** A referrer whose subject is not in the repository, or goes too. */
  | 'orphaned-referrer'
  /** A blob that no kept manifest names. */
  | 'unreachable';

/** A node that nothing needs. */
export interface Garbage {
  readonly descriptor: Descriptor;
  readonly reason: GarbageReason;
}

/** Options of {@link collect}. */
export interface CollectOptions extends Partial<GraphLimits>, CallOptions {
  /** Only say what would go. Default true: removing has to be asked for. */
  readonly dryRun?: boolean;
  /** Keep manifests without a tag that are not referrers, and all below them. Default false. */
  readonly keepUntagged?: boolean;
  /** Keep referrers whose subject is not there. Default false. */
  readonly keepOrphans?: boolean;
}

/** What was collected, or would be. */
export interface CollectOutcome {
  /** In the order of removal: parents before what they name, so that a crash leaves nothing dangling. */
  readonly garbage: readonly Garbage[];
  readonly kept: number;
  /** Bytes of the garbage. */
  readonly bytes: number;
  readonly dryRun: boolean;
}

/** A repository that can say all it holds and remove it: a layout, memory. */
export type CollectableRepository = Repository & ContentDeleter & ContentLister & TagLister;
