import type { DecisionCode } from '../codes.js';
import type { EvidenceDocument, GateEvidence, PlatformEvidence } from '../evidence/evidence.js';
import { evidenceOf, type GateOutcome, type OutcomeLevel } from '../outcome.js';
import type { GatePolicy, RuleAction } from '../policy/document.js';

/** Counts that a report gives. */
export interface DecisionCounts {
  components: number;
  findings: number;
  blocking: number;
  vexAccepted: number;
  excepted: number;
  suppressedByScanner: number;
}

/** What all rules share while one decision is made. */
export class DecisionContext {
  readonly outcomes: GateOutcome[] = [];
  readonly counts: DecisionCounts = {
    components: 0,
    findings: 0,
    blocking: 0,
    vexAccepted: 0,
    excepted: 0,
    suppressedByScanner: 0,
  };
  /** Documents that the decision rests on. */
  readonly used: Set<EvidenceDocument> = new Set();
  /** Exceptions that took something away. */
  readonly exceptionsUsed: Set<number> = new Set();
  readonly evidence: GateEvidence;
  readonly policy: GatePolicy;
  readonly now: Date;

  constructor(evidence: GateEvidence, policy: GatePolicy, now: Date) {
    this.evidence = evidence;
    this.policy = policy;
    this.now = now;
  }

  add(
    rule: string,
    level: OutcomeLevel,
    code: DecisionCode,
    message: string,
    about: {
      readonly platform?: string | undefined;
      readonly document?: EvidenceDocument | undefined;
      readonly pointer?: string | undefined;
      readonly package?: string | undefined;
      readonly finding?: string | undefined;
    } = {},
  ): void {
    const { platform, document, pointer } = about;
    this.outcomes.push({
      rule,
      level,
      code,
      message,
      ...(platform === undefined ? {} : { platform }),
      ...(about.package === undefined ? {} : { package: about.package }),
      ...(about.finding === undefined ? {} : { finding: about.finding }),
      ...(document === undefined ? {} : { evidence: evidenceOf(document, pointer) }),
    });
  }
}

/** The level of an action, or nothing to say. */
export function levelOf(action: RuleAction): OutcomeLevel | undefined {
  return action === 'ignore' ? undefined : action;
}

/** A platform with the documents of one class that are bound to it. */
export interface BoundDocuments {
  readonly platform: PlatformEvidence;
  readonly documents: readonly EvidenceDocument[];
}
