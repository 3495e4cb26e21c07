import type { TagOutcome } from '@notarykit/artifact-graph/internal';
import type { Descriptor, Digest } from '@notarykit/oci/internal';
import type { GateDecision } from '@notarykit/sbom-gate/internal/core';
import type { AttachedSignature } from '../sign.js';

/** What a promotion will do, decided before anything is written. */
export interface PromotionPlan {
  readonly artifact: Descriptor;
  /** The manifests of an index that are signed too: with `platforms: 'both'` all that can run, else none. */
  readonly platforms: readonly Descriptor[];
  /** The evidence that the decision rests on: SBOMs, scans and statements that travel along. Nothing else does. */
  readonly evidence: readonly Descriptor[];
  /** Signatures that made artifact, platforms and evidence trusted. */
  readonly signatures: readonly Descriptor[];
  readonly signIn: 'source' | 'target';
  /** Whether a verification summary of the decision is attached at the target, because the policy says so. */
  readonly summary: boolean;
  readonly tags: readonly string[];
}

/** What {@link promote} did. */
export interface Promotion {
  readonly artifact: Descriptor;
  readonly decision: GateDecision;
  readonly plan: PromotionPlan;
  /** Production signatures, one for the artifact, each of the plan's platforms, each piece of evidence, and the summary. */
  readonly signatures: readonly AttachedSignature[];
  /** The verification summary at the target, when the policy asks for one. */
  readonly summary?: Descriptor;
  readonly tags: readonly TagOutcome[];
}

/** Facts of `ERR_NOTARYKIT_PROMOTE`. */
export interface PromotionFailure {
  /**
   * `PROMOTION_SIGNER`: the policy names another signer for what is promoted than the one given. `PROMOTION_INTERRUPTED`: something
   * failed after the production key was used; `cause` says what, and a second run goes on from there.
   */
  readonly reason: 'PROMOTION_SET_CHANGED' | 'PROMOTION_INCOMPLETE' | 'PROMOTION_SIGNER' | 'PROMOTION_INTERRUPTED';
  /** Production signatures that are in source or target now: those that this run made and those that it found. */
  readonly signatures: readonly { readonly subject: Digest; readonly signature: Digest; readonly repository: string }[];
  /** Referrers that are not listed; for `PROMOTION_SIGNER` signatures that do not satisfy the statement. */
  readonly missing: readonly { readonly subject: Digest; readonly referrer: Digest }[];
}
