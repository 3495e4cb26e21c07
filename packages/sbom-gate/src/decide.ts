import { compareText, defined, quote } from '@notarykit/common/internal';
import type { Digest } from '@notarykit/oci/internal';
import type { DecisionCode } from './codes.js';
import type { DecisionFacts, GateDecision } from './decision.js';
import { GateError } from './errors.js';
import type { EvidenceDocument, GateEvidence, IgnoredEvidence, PlatformEvidence } from './evidence/evidence.js';
import { isProof, prove } from './evidence/proof.js';
import { describeUsed, type UsedEvidence } from './evidence/used.js';
import type { GateOutcome, OutcomeLevel } from './outcome.js';
import type { GatePolicy } from './policy/document.js';
import { DecisionContext } from './rules/context.js';
import { type GateRule, runRules } from './rules/custom.js';
import { ExceptionTable } from './rules/exceptions.js';
import { checkProvenance } from './rules/provenance.js';
import { checkSbom } from './rules/sbom.js';
import { checkScans } from './rules/scan.js';
import { VexTable } from './rules/vex.js';

/** Everything besides evidence and time that a decision depends on. */
export interface GateRequest {
  readonly policy: GatePolicy;
  /** Rules of the caller, such as CEL or Rego behind a function. */
  readonly rules: readonly GateRule[];
  /**
   * Manifest digests of evidence that was seen before, such as `evidence.used` of the last decision about this image. A
   * registry that no longer lists one of them may be hiding a bad scan: `EVIDENCE_WITHHELD`.
   */
  readonly seen: readonly Digest[];
  /**
   * Digests of the images that the caller has verified, such as those of `verifyBaseImages`. Under `provenance.baseImages: verified`
   * each image that a build used must be one of them. Default: none.
   */
  readonly baseImages?: readonly Digest[];
}

/**
 * Decides, from evidence, request and time alone: the same input gives the same decision, and nothing is read or written.
 * Every violation is listed, not only the first. `ALLOW` needs more than the absence of violations: a proof of what it rests on.
 *
 * @throws {GateError} `ERR_GATE_EVIDENCE` for an invalid date: no age and no expiry could be compared with it
 *
 * @example
 * ```ts
 * const decision = decide(evidence, { policy, rules: [], seen: [] }, new Date());
 * if (decision.verdict !== 'ALLOW') console.error(explainDecision(decision));
 * ```
 */
export function decide(evidence: GateEvidence, request: GateRequest, now: Date): GateDecision {
  const context = new DecisionContext(evidence, request.policy, checkedTime(now), request.baseImages);
  for (const { code, message } of evidence.problems) context.add('evidence', 'deny', code, message);
  checkListed(context, request.seen);
  const exceptions = new ExceptionTable(context);
  const vex = new VexTable(context);
  for (const platform of evidence.platforms) checkPlatform(context, platform, exceptions, vex);
  reportClasses(context, vex);
  exceptions.reportUnused();
  runRules(context, request.rules);
  return conclude(context, vex);
}

/** Copied, since the caller can still change the date. No comparison with an invalid date holds: nothing would ever be too old. */
function checkedTime(now: unknown): Date {
  if (now instanceof Date && !Number.isNaN(now.getTime())) return new Date(now);
  const found = now instanceof Date ? 'an invalid one' : quote(now);
  throw new GateError('ERR_GATE_EVIDENCE', `the time of the decision: expected a valid Date, found ${found}`);
}

/** What was listed once is listed still; whether it still counts is another question. */
function checkListed(context: DecisionContext, seen: readonly Digest[]): void {
  const { documents, ignored } = context.evidence;
  const listed = new Set([...documents, ...ignored].map(({ manifest }) => manifest));
  for (const digest of new Set(seen)) {
    if (listed.has(digest)) continue;
    context.add('evidence', 'deny', 'EVIDENCE_WITHHELD', `${digest} was seen before and is not listed any more`);
  }
}

function checkPlatform(
  context: DecisionContext,
  platform: PlatformEvidence,
  exceptions: ExceptionTable,
  vex: VexTable,
): void {
  const { policy } = context;
  if (policy.sbom !== undefined) checkSbom(context, policy.sbom, platform, exceptions);
  if (policy.scan !== undefined) checkScans({ context, policy: policy.scan, platform, exceptions, vex });
  if (policy.provenance !== undefined) checkProvenance(context, policy.provenance, platform);
}

function reportClasses(context: DecisionContext, vex: VexTable): void {
  const { policy, evidence } = context;
  if (policy.sbom === undefined) context.add('sbom', 'info', 'SBOM_NOT_CHECKED', 'the policy has no rules about SBOMs');
  if (policy.scan === undefined) context.add('scan', 'info', 'SCAN_NOT_CHECKED', 'the policy has no rules about scans');
  for (const text of vex.unmatched(100))
    context.add('vex', 'info', 'VEX_UNMATCHED', `no finding met the statement about ${text}`);
  for (const document of evidence.documents) {
    if (document.class === 'vex' && document.problem !== undefined)
      context.add('vex', 'deny', document.problem.code, document.problem.message, { document });
  }
  for (const { pointer, message } of policy.warnings)
    context.add(`policy${pointer}`, 'info', 'POLICY_WARNING', message);
}

const maxListed = 1000;

/** Nothing but a proof, and no violation beside it, makes `ALLOW`. */
function conclude(context: DecisionContext, vex: VexTable): GateDecision {
  const proof = prove(context.evidence, context.policy, context.uses);
  if (!isProof(proof)) reportMissing(context, proof);
  const totals: Record<OutcomeLevel, number> = { deny: 0, rescan: 0, warn: 0, info: 0 };
  const outcomes = sortOutcomes(context.outcomes).filter(({ level }) => ++totals[level] <= maxListed);
  const facts = factsOf(context, vex, { outcomes, totals });
  if (isProof(proof) && totals.deny === 0 && totals.rescan === 0) return { ...facts, verdict: 'ALLOW', proof };
  if (totals.deny > 0 || totals.rescan === 0) return { ...facts, verdict: 'DENY' };
  return { ...facts, verdict: 'RESCAN', rescan: { requested: true, performed: false } };
}

/** A document that was refused has said so: it is not missing as well. */
function reportMissing(context: DecisionContext, missing: Exclude<ReturnType<typeof prove>, { by: string }>): void {
  for (const { rule, level, code, message, platform, scanner, ...lack } of missing)
    if (scanner !== undefined || !context.refused.has(`${lack.class} ${platform}`))
      context.add(rule, level, code, message, { platform });
}

function factsOf(
  context: DecisionContext,
  vex: VexTable,
  listed: Pick<DecisionFacts, 'outcomes' | 'totals'>,
): DecisionFacts {
  const { evidence, policy, now, counts } = context;
  const trust = policy.trustPolicy?.digest;
  const { reference, digest, signatures } = evidence.image;
  return {
    reportVersion: '1.0',
    evaluatedAt: now,
    policy: { name: policy.name, digest: policy.digest },
    ...(trust === undefined ? {} : { trustPolicy: { digest: trust } }),
    image: {
      ...defined({ reference }),
      digest,
      platforms: evidence.platforms.map((one) => ({ platform: one.platform, digest: one.digest })),
      signatures,
    },
    ...listed,
    evidence: evidenceOf(context, new Set([...context.uses.map(({ document }) => document), ...vex.used])),
    counts: { ...counts },
    rescan: { requested: false, performed: false },
  };
}

function evidenceOf(context: DecisionContext, used: ReadonlySet<EvidenceDocument>): DecisionFacts['evidence'] {
  const { documents, ignored } = context.evidence;
  const unused = documents.filter((one) => one.content !== undefined && !used.has(one) && !context.aside.has(one));
  return {
    used: [...used].map(describeUsed).sort(byBlob),
    unused: unused.map(describeUsed).sort(byBlob),
    ignored: [...ignored, ...documents.flatMap((one) => (used.has(one) ? [] : asideOf(one, context)))],
  };
}

function asideOf(document: EvidenceDocument, { aside }: DecisionContext): readonly IgnoredEvidence[] {
  const reason = aside.get(document);
  if (reason === undefined) return [];
  const { manifest, target, artifactType } = document;
  const typed = defined({ artifactType });
  return [{ manifest, target, ...typed, code: reason.code, reason: reason.message }];
}

const levels: readonly OutcomeLevel[] = ['deny', 'rescan', 'warn', 'info'];

function sortOutcomes(outcomes: readonly GateOutcome[]): readonly GateOutcome[] {
  return outcomes
    .map((outcome) => ({ outcome, level: levels.indexOf(outcome.level), key: sortKey(outcome) }))
    .sort((a, b) => a.level - b.level || compareText(a.key, b.key))
    .map(({ outcome }) => outcome);
}

function sortKey(outcome: GateOutcome): string {
  const code: DecisionCode = outcome.code;
  return [outcome.rule, outcome.platform ?? '', code, outcome.evidence?.pointer ?? '', outcome.message].join('\u0000');
}

function byBlob(a: UsedEvidence, b: UsedEvidence): number {
  return compareText(`${a.class} ${a.target} ${a.blob}`, `${b.class} ${b.target} ${b.blob}`);
}
