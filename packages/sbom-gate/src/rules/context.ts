import type { DecisionCode } from '../codes.js';
import type { EvidenceDocument, GateEvidence, PlatformEvidence } from '../evidence/evidence.js';
import type { DemandedClass, Use } from '../evidence/proof.js';
import { addTo } from '../multi-map.js';
import { evidenceOf, type GateOutcome, type OutcomeLevel } from '../outcome.js';
import type { GatePolicy, RuleAction } from '../policy/document.js';
import { SubjectJudge } from './subject.js';

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
  /** Documents that rules have accepted, each for a platform. */
  readonly uses: Use[] = [];
  /** Documents that count as absent, with the reason. */
  readonly aside: Map<EvidenceDocument, { readonly code: DecisionCode; readonly message: string }> = new Map();
  /** Class and platform for which a document was refused and has said so. */
  readonly refused: Set<string> = new Set();
  readonly subjects: SubjectJudge;
  readonly #byTarget = new Map<string, EvidenceDocument[]>();
  /** Exceptions that took something away. */
  readonly exceptionsUsed: Set<number> = new Set();
  readonly evidence: GateEvidence;
  readonly policy: GatePolicy;
  readonly now: Date;
  /** Digests of images that the caller has verified. */
  readonly baseImages: ReadonlySet<string>;

  constructor(evidence: GateEvidence, policy: GatePolicy, now: Date, baseImages: readonly string[] = []) {
    this.evidence = evidence;
    this.policy = policy;
    this.now = now;
    this.baseImages = new Set(baseImages);
    this.subjects = new SubjectJudge(evidence);
    for (const document of evidence.documents) addTo(this.#byTarget, document.target, document);
  }

  /** Documents that are attached to the manifest of a platform, or to the image as a whole. */
  documentsAt({ digest }: PlatformEvidence): readonly EvidenceDocument[] {
    const image = this.evidence.image.digest;
    const own = this.#byTarget.get(digest) ?? [];
    return digest === image ? own : [...own, ...(this.#byTarget.get(image) ?? [])];
  }

  /** Accepts a document as evidence: only what was used can lead to `ALLOW`. */
  use(platform: PlatformEvidence, name: DemandedClass, document: EvidenceDocument, scanner?: string): void {
    const by = scanner === undefined ? {} : { scanner: scanner.toLowerCase() };
    this.uses.push({ platform, class: name, document, ...by });
  }

  /** Sets a document aside: from here on it is as if it were not there, but for being listed. */
  setAside(
    document: EvidenceDocument,
    { platform }: Partial<PlatformEvidence>,
    rule: string,
    code: DecisionCode,
    message: string,
    level: 'warn' | 'info' = 'warn',
  ): void {
    this.aside.set(document, { code, message });
    this.add(rule, level, code, message, { platform, document });
  }

  /** Refuses a document: it denies, and a remark that another is missing would only hide why. */
  refuse(
    document: EvidenceDocument,
    { platform }: PlatformEvidence,
    rule: string,
    code: DecisionCode,
    message: string,
  ): void {
    this.refused.add(`${document.class} ${platform}`);
    this.add(rule, 'deny', code, message, { platform, document });
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
      readonly notes?: readonly string[] | undefined;
    } = {},
  ): void {
    const { platform, document, pointer, notes = [] } = about;
    this.outcomes.push({
      rule,
      level,
      code,
      message,
      ...(platform === undefined ? {} : { platform }),
      ...(about.package === undefined ? {} : { package: about.package }),
      ...(about.finding === undefined ? {} : { finding: about.finding }),
      ...(document === undefined ? {} : { evidence: evidenceOf(document, pointer) }),
      ...(notes.length === 0 ? {} : { notes }),
    });
  }
}

/** The level of an action, or nothing to say. */
export function levelOf(action: RuleAction): OutcomeLevel | undefined {
  return action === 'ignore' ? undefined : action;
}
