import type { Digest } from '@notarykit/oci';
import type { EvidenceClass, EvidenceSignature, IgnoredEvidence } from './evidence/evidence.js';
import type { GateOutcome } from './outcome.js';

/** `RESCAN`: the answer is no, and a new scan may change it. */
export type GateVerdict = 'ALLOW' | 'DENY' | 'RESCAN';

/** A document that a decision rests on. */
export interface UsedEvidence {
  readonly class: EvidenceClass;
  /** Manifest that the artifact is attached to. */
  readonly target: Digest;
  /** The artifact. */
  readonly manifest: Digest;
  readonly artifactType?: string;
  readonly blob: Digest;
  readonly format: string;
  readonly formatVersion: string;
  readonly signatures: readonly EvidenceSignature[];
}

/** A decision of the gate: what, about which bytes, why, and on what it rests. All of it is data. */
export interface GateDecision {
  readonly reportVersion: '1.0';
  readonly verdict: GateVerdict;
  readonly evaluatedAt: Date;
  readonly policy: { readonly name: string; readonly digest: Digest };
  readonly trustPolicy?: { readonly digest: Digest };
  readonly image: {
    readonly reference?: string;
    readonly digest: Digest;
    readonly platforms: readonly { readonly platform: string; readonly digest: Digest }[];
    readonly signatures: readonly EvidenceSignature[];
  };
  /** Sorted by rule, platform, code and place; at most 1,000 of each level, `totals` counts all. */
  readonly outcomes: readonly GateOutcome[];
  readonly totals: Readonly<Record<GateOutcome['level'], number>>;
  readonly evidence: {
    readonly used: readonly UsedEvidence[];
    /** Trusted, readable, and not needed: an older scan, say. */
    readonly unused: readonly UsedEvidence[];
    readonly ignored: readonly IgnoredEvidence[];
  };
  readonly counts: {
    readonly components: number;
    readonly findings: number;
    readonly blocking: number;
    readonly vexAccepted: number;
    readonly excepted: number;
    readonly suppressedByScanner: number;
  };
  readonly rescan: { readonly requested: boolean; readonly performed: boolean };
}
