import type { VerdictName } from '@notarykit/common/internal';
import type { GateDecision } from '@notarykit/sbom-gate/internal/core';
import type { TrustDecision } from '@notarykit/trust-policy/internal';
import type { VerdictSubject } from './verdict-request.js';

/** What was decided about an artifact. */
export interface Verdict {
  /** `undecided`: something could not be found out. It refuses, and is never remembered. */
  readonly verdict: VerdictName;
  readonly subject: VerdictSubject;
  /** On the manifests of an index, in its order, where they were asked for; it ends with the first that is not trusted. */
  readonly manifests: readonly TrustDecision[];
  /** On the artifact itself; absent where only its manifests count, or only a gate. */
  readonly own?: TrustDecision;
  /** The decision on signatures that refuses. */
  readonly refusedBy?: TrustDecision;
  readonly gate?: GateDecision;
  /** When the verdict would change by itself. */
  readonly validUntil?: Date | undefined;
}
