import type { Digest } from '@notarykit/oci/internal';
import type { EvidenceSignature, IgnoredEvidence } from './evidence/evidence.js';
import type { AllowProof } from './evidence/proof.js';
import type { UsedEvidence } from './evidence/used.js';
import type { GateOutcome } from './outcome.js';

/** `RESCAN`: the answer is no, and a new scan may change it. */
export type GateVerdict = 'ALLOW' | 'DENY' | 'RESCAN';

/** What every decision says: about which bytes, why, and on what it rests. All of it is data. */
export interface DecisionFacts {
  readonly reportVersion: '1.0';
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
    /** What was left out, unsigned things and documents that were set aside. */
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

/** A decision of the gate. One that allows carries the proof that it may. */
export type GateDecision = DecisionFacts &
  (
    | { readonly verdict: 'ALLOW'; readonly proof: AllowProof }
    | { readonly verdict: Exclude<GateVerdict, 'ALLOW'>; readonly proof?: never }
  );
