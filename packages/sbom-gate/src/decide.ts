import type { Digest } from '@notarykit/oci';
import type { DecisionCode } from './codes.js';
import type { GateDecision, GateVerdict, UsedEvidence } from './decision.js';
import type { EvidenceDocument, GateEvidence, PlatformEvidence } from './evidence/evidence.js';
import type { GateOutcome, OutcomeLevel } from './outcome.js';
import type { GatePolicy } from './policy/document.js';
import { DecisionContext } from './rules/context.js';
import { type GateRule, runRules } from './rules/custom.js';
import { ExceptionTable } from './rules/exceptions.js';
import { checkSbom } from './rules/sbom.js';
import { checkScans } from './rules/scan.js';
import { VexTable } from './rules/vex.js';

/** What else {@link decide} takes. */
export interface DecideOptions {
  /** Rules of the caller, such as CEL or Rego behind a function. */
  readonly rules?: readonly GateRule[];
  /**
   * Manifest digests of evidence that was seen before, such as `evidence.used` of the last decision about this image. A
   * registry that no longer lists one of them may be hiding a bad scan: `EVIDENCE_WITHHELD`.
   */
  readonly seen?: readonly Digest[];
}

/**
 * Decides, from evidence, policy and time alone: the same input gives the same decision, and nothing is read or written.
 * Every violation is listed, not only the first.
 *
 * @example
 * ```ts
 * const evidence = await collectEvidence(repository, image, { policy, verify });
 * const decision = decide(evidence, policy, new Date());
 * if (decision.verdict !== 'ALLOW') console.error(explainDecision(decision));
 * ```
 */
export function decide(
  evidence: GateEvidence,
  policy: GatePolicy,
  now: Date,
  options: DecideOptions = {},
): GateDecision {
  const context = new DecisionContext(evidence, policy, now);
  checkImage(context);
  checkListed(context, options.seen ?? []);
  const exceptions = new ExceptionTable(context);
  const vex = new VexTable(context);
  for (const platform of evidence.platforms) checkPlatform(context, platform, exceptions, vex);
  reportClasses(context, vex);
  exceptions.reportUnused();
  runRules(context, options.rules ?? []);
  return summarize(context);
}

function checkImage(context: DecisionContext): void {
  const { image, missingPlatforms, problems, platforms } = context.evidence;
  for (const { code, message } of problems) context.add('evidence', 'deny', code, message);
  if (image.signatures.length === 0) {
    const unsigned = image.untrusted.length > 0 && image.untrusted.every(({ code }) => code === 'EVIDENCE_UNSIGNED');
    const reasons = image.untrusted.map(({ alias, reason }) => `${alias}: ${reason}`).join('; ');
    const wanted = context.policy.image.signedBy.join(' or ');
    const message = `the image is not signed by ${wanted}${reasons === '' ? '' : ` (${reasons})`}`;
    context.add('image.signedBy', 'deny', unsigned ? 'IMAGE_UNSIGNED' : 'IMAGE_UNTRUSTED', message);
  }
  for (const platform of missingPlatforms)
    context.add('image.platforms', 'deny', 'PLATFORM_MISSING', `the image has no ${platform}`, { platform });
  if (platforms.length === 0 && missingPlatforms.length === 0 && problems.length === 0)
    context.add('image.platforms', 'deny', 'PLATFORM_MISSING', 'the image has no runnable platform');
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
}

function reportClasses(context: DecisionContext, vex: VexTable): void {
  const { policy, evidence } = context;
  if (policy.sbom === undefined) context.add('sbom', 'info', 'SBOM_NOT_CHECKED', 'the policy has no rules about SBOMs');
  if (policy.scan === undefined) context.add('scan', 'info', 'SCAN_NOT_CHECKED', 'the policy has no rules about scans');
  for (const document of vex.used) context.used.add(document);
  for (const text of vex.unmatched.slice(0, 100))
    context.add('vex', 'info', 'VEX_UNMATCHED', `no finding met the statement about ${text}`);
  for (const document of evidence.documents) {
    if (document.class === 'vex' && document.problem !== undefined)
      context.add('vex', 'warn', document.problem.code, document.problem.message, { document });
  }
  for (const { pointer, message } of policy.warnings)
    context.add(`policy${pointer}`, 'info', 'POLICY_WARNING', message);
}

const maxListed = 1000;

function summarize(context: DecisionContext): GateDecision {
  const { evidence, policy, now, outcomes, counts } = context;
  const totals: Record<OutcomeLevel, number> = { deny: 0, rescan: 0, warn: 0, info: 0 };
  const listed = [...outcomes].sort(compareOutcomes).filter(({ level }) => ++totals[level] <= maxListed);
  const verdict: GateVerdict = totals.deny > 0 ? 'DENY' : totals.rescan > 0 ? 'RESCAN' : 'ALLOW';
  const trust = policy.trustPolicy?.digest;
  const { reference, digest, signatures } = evidence.image;
  return {
    reportVersion: '1.0',
    verdict,
    evaluatedAt: now,
    policy: { name: policy.name, digest: policy.digest },
    ...(trust === undefined ? {} : { trustPolicy: { digest: trust } }),
    image: {
      ...(reference === undefined ? {} : { reference }),
      digest,
      platforms: evidence.platforms.map((one) => ({ platform: one.platform, digest: one.digest })),
      signatures,
    },
    outcomes: listed,
    totals,
    evidence: {
      used: [...context.used].map(describeUsed).sort(byBlob),
      unused: evidence.documents
        .filter((one) => isUnused(one, context))
        .map(describeUsed)
        .sort(byBlob),
      ignored: evidence.ignored,
    },
    counts: { ...counts },
    rescan: { requested: verdict === 'RESCAN', performed: false },
  };
}

const levels: readonly OutcomeLevel[] = ['deny', 'rescan', 'warn', 'info'];

function compareOutcomes(a: GateOutcome, b: GateOutcome): number {
  return levels.indexOf(a.level) - levels.indexOf(b.level) || compareText(sortKey(a), sortKey(b));
}

function sortKey(outcome: GateOutcome): string {
  const code: DecisionCode = outcome.code;
  return [outcome.rule, outcome.platform ?? '', code, outcome.evidence?.pointer ?? '', outcome.message].join('\u0000');
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isUnused(document: EvidenceDocument, { used }: DecisionContext): boolean {
  return document.content !== undefined && !used.has(document);
}

function describeUsed(document: EvidenceDocument): UsedEvidence {
  return {
    class: document.class,
    target: document.target,
    manifest: document.manifest,
    ...(document.artifactType === undefined ? {} : { artifactType: document.artifactType }),
    blob: document.blob,
    format: document.content?.format ?? '',
    formatVersion: document.content?.formatVersion ?? '',
    signatures: document.signatures,
  };
}

function byBlob(a: UsedEvidence, b: UsedEvidence): number {
  return compareText(`${a.class} ${a.target} ${a.blob}`, `${b.class} ${b.target} ${b.blob}`);
}
