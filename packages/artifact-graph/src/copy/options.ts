import type { CallOptions } from '@notarykit/common/internal';
import type { Descriptor, Digest, Platform } from '@notarykit/oci/internal';
import type { TagOutcome } from '../tag-outcome.js';
import type { SetAsideReferrer } from '../view/graph.js';
import type { GraphLimits } from '../view/limits.js';
import type { ArtifactReference } from '../view/resolve.js';
import type { GraphView } from '../view/view.js';

/** Which referrers travel with an artifact. */
export interface ReferrerSelection {
  /** Only referrers of these artifact types. Default: all. */
  readonly artifactTypes?: readonly string[];
  /** Of every manifest of the artifact and of its referrers (`graph`, the default), or only of the artifact (`root`). */
  readonly of?: 'graph' | 'root';
  /** Steps from subject to referrer: 2 takes signatures of SBOMs along. Default: all, within the limits. */
  readonly depth?: number;
}

/**
 * Decides at the source whether an artifact may be copied; throwing refuses. The view is the one that the copy reads through: what
 * was read already is not asked for again.
 */
export type CopyVerifier = (artifact: Descriptor, source: GraphView, call: CallOptions) => Promise<unknown>;

/** Options of {@link copyGraph}. */
export interface CopyGraphOptions extends Partial<GraphLimits>, CallOptions {
  /** What to copy. A tag is resolved once; from there on the digest counts. */
  readonly reference: ArtifactReference;
  /** Tags to set at the target when all is there. Default: `reference` if it is a tag; `false`: none. */
  readonly tag?: string | readonly string[] | false;
  /** Set the tags only if they point here now; `null`: only if there are none. */
  readonly ifMatch?: Digest | null;
  /** Default true: all referrers, also those of an index's manifests and of referrers. */
  readonly referrers?: boolean | ReferrerSelection;
  /**
   * Platforms of an index to copy, such as `linux/arm64`. One: its manifest becomes the root. Several: a new index of them, to
   * which signatures of the old one do not belong, unless `sparse`. Default: all.
   */
  readonly platforms?: readonly (string | Platform)[];
  /** With several platforms: keep the index as it is, without the others' content. Also: copy what is sparse already. Default false. */
  readonly sparse?: boolean;
  /** Also copy tags named after digests, such as `sha256-<hex>.sig`. Default false. */
  readonly digestTags?: boolean;
  /** Also copy layers that registries normally do not hold. Default false. */
  readonly nondistributable?: boolean;
  /**
   * What a manifest at the target says about its content: nothing (`check`, the default; each node is looked for, and holes are
   * filled), or that it is complete (`trust`).
   */
  readonly existing?: 'check' | 'trust';
  /** Whether blobs are mounted where both sides are one registry. Default true. */
  readonly mount?: boolean;
  /** A view of the source that is open already, with its own limits: what it read is not asked for again. */
  readonly view?: GraphView;
  /** Runs before anything is written; a refusal leaves the target as it was. */
  readonly verify?: CopyVerifier;
  /**
   * What is looked up at the target before it is tagged: that referrers are listed (`referrers`, the default), the whole graph
   * (`graph`), or nothing (`none`).
   */
  readonly assert?: 'graph' | 'referrers' | 'none';
  /** Transfers at a time. Default 3. */
  readonly concurrency?: number;
  /** Told of each node, and of the bytes of large ones at most ten times a second. */
  readonly onProgress?: (progress: CopyProgress) => void;
}

/** How a node came to the target. */
export type CopiedHow = 'copied' | 'mounted' | 'skipped';

/** A node at the target. */
export interface CopiedNode {
  readonly descriptor: Descriptor;
  readonly how: CopiedHow;
}

/** A count out of a total. */
export interface Tally {
  readonly done: number;
  readonly total: number;
}

/** How far a copy is. */
export interface CopyProgress {
  readonly phase: 'verify' | 'copy' | 'assert' | 'tag' | 'done';
  readonly nodes: Tally;
  /** Bytes of content, counted as done when copied, mounted or skipped. */
  readonly bytes: Tally;
  /** The node that this is about. */
  readonly node?: Descriptor;
  /** There when the node is done. */
  readonly how?: CopiedHow;
}

/** Nodes and their bytes. */
export interface Amount {
  readonly nodes: number;
  readonly bytes: number;
}

/** What a copy did. */
export interface CopyOutcome {
  /** What the reference was at the source. */
  readonly source: Descriptor;
  /** What is at the target: the same, unless platforms were chosen. */
  readonly root: Descriptor;
  readonly tags: readonly TagOutcome[];
  /** Children before parents, referrers after their subject. */
  readonly nodes: readonly CopiedNode[];
  readonly copied: Amount;
  readonly mounted: Amount;
  readonly skipped: Amount;
  /** What the source listed as a referrer and does not count, each with its reason: not copied. */
  readonly setAside: readonly SetAsideReferrer[];
  /** What is named but was not at the source, where that is allowed: a subject, or a manifest of a sparse index. */
  readonly missing: readonly Descriptor[];
  /** Layers that registries normally do not hold, such as those of Windows images: named at the target, not copied. */
  readonly notCopied: readonly Descriptor[];
}
