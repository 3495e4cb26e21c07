import { defined, quote } from '@notarykit/common/internal';
import type { EvidenceDocument, PlatformEvidence } from '../evidence/evidence.js';
import type { ProvenanceDocument } from '../provenance/document.js';
import type { SbomDocument } from '../sbom/document.js';
import type { ScanReport } from '../scan/report.js';
import type { DecisionContext } from './context.js';
import type { GateRuleViolation } from './violations.js';
import { violationsOf } from './violations.js';

/** What a rule of the caller sees: trusted and readable evidence of one platform, and nothing else. */
export interface GateRuleInput {
  readonly platform: string;
  readonly image: { readonly reference?: string; readonly digest: string };
  readonly now: Date;
  readonly sboms: readonly SbomDocument[];
  readonly scans: readonly ScanReport[];
  readonly provenance: readonly ProvenanceDocument[];
}

/**
 * A rule of the caller: a pure, synchronous function of the normalised evidence. This is where CEL, Rego or plain code plugs
 * in. A rule that throws, or returns anything else than a list of violations, denies.
 */
export interface GateRule {
  /** Name of the rule in reports. */
  readonly name: string;
  /**
   * What this rule is, version and configuration included: two with one name and one identity judge alike. Verdicts that a rule without
   * one had a part in are never remembered.
   */
  readonly identity?: string;
  evaluate(input: GateRuleInput): readonly GateRuleViolation[];
}

/** Runs the rules of the caller for every platform. */
export function runRules(context: DecisionContext, rules: readonly GateRule[]): void {
  for (const rule of rules) for (const input of inputs(context)) runRule(context, rule, input);
}

function inputs(context: DecisionContext): readonly GateRuleInput[] {
  const { image, platforms } = context.evidence;
  const byPlatform = new Map<PlatformEvidence, EvidenceDocument[]>(platforms.map((platform) => [platform, []]));
  for (const { platform, document } of context.uses) byPlatform.get(platform)?.push(document);
  return platforms.map((platform) => {
    const own = byPlatform.get(platform) ?? [];
    return {
      platform: platform.platform,
      image: { ...defined({ reference: image.reference }), digest: image.digest },
      now: new Date(context.now),
      sboms: own.filter(isClass('sbom')).map(({ content }) => content as SbomDocument),
      scans: own.filter(isClass('scan')).map(({ content }) => content as ScanReport),
      provenance: own.filter(isClass('provenance')).map(({ content }) => content as ProvenanceDocument),
    };
  });
}

function isClass(name: EvidenceDocument['class']): (document: EvidenceDocument) => boolean {
  return (document) => document.class === name && document.content !== undefined;
}

function runRule(context: DecisionContext, rule: GateRule, input: GateRuleInput): void {
  const name = `rules.${rule.name}`;
  try {
    for (const { level, code, message, ...about } of violationsOf(rule.evaluate(input)))
      context.add(name, level ?? 'deny', code, message, { platform: input.platform, ...about });
  } catch (error) {
    const message = `could not decide: the rule failed (${error instanceof Error ? error.message : quote(error)})`;
    context.add(name, 'deny', 'RULE_FAILED', message, { platform: input.platform });
  }
}
