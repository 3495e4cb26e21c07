import type { GateDecision } from '../decision.js';
import type { EvidenceSignature } from '../evidence/evidence.js';
import type { SummaryProof } from '../evidence/proof.js';
import type { UsedEvidence } from '../evidence/used.js';
import type { GateOutcome } from '../outcome.js';
import { remedyFor } from './remedies.js';

/** Options of {@link explainDecision}. */
export interface ExplainOptions {
  /** Also what is only informative. Default `false`. */
  readonly verbose?: boolean;
}

/**
 * A decision as text for people: the verdict, what led to it with package, finding and place, what to do about it, and on
 * which signed evidence it rests.
 */
export function explainDecision(decision: GateDecision, options: ExplainOptions = {}): string {
  const { image, policy } = decision;
  const lines = [
    `${decision.verdict} ${nameOf(image)}`,
    `policy ${policy.name} (${policy.digest}), ${decision.evaluatedAt.toISOString()}`,
    `platforms: ${image.platforms.map(({ platform }) => platform).join(', ') || 'none'}`,
  ];
  const levels =
    options.verbose === true ? (['deny', 'rescan', 'warn', 'info'] as const) : (['deny', 'rescan', 'warn'] as const);
  for (const level of levels) lines.push(...section(decision, level));
  lines.push('', 'Evidence');
  for (const signature of image.signatures) lines.push(`  image signed by ${describeSigner(signature)}`);
  if (decision.proof?.by === 'summary') lines.push(...describeSummary(decision.proof));
  for (const used of decision.evidence.used) lines.push(describeUsed(used));
  for (const { manifest, artifactType, code, reason } of decision.evidence.ignored)
    lines.push(
      `  ignored ${manifest ?? 'an entry of the list'}${artifactType === undefined ? '' : ` (${artifactType})`}: ${code}, ${reason}`,
    );
  if (decision.evidence.used.length + decision.evidence.ignored.length === 0 && decision.proof?.by !== 'summary')
    lines.push('  nothing is attached');
  return `${lines.map(printable).join('\n')}\n`;
}

function nameOf({ reference, digest }: GateDecision['image']): string {
  if (reference === undefined) return digest;
  return reference.endsWith(digest) ? reference : `${reference} ${digest}`;
}

const titles = { deny: 'Denied because', rescan: 'A new scan is needed because', warn: 'Warnings', info: 'Notes' };

function section(decision: GateDecision, level: GateOutcome['level']): readonly string[] {
  const outcomes = decision.outcomes.filter((outcome) => outcome.level === level);
  if (outcomes.length === 0) return [];
  const lines = ['', titles[level]];
  for (const outcome of outcomes) lines.push(...describeOutcome(outcome, level !== 'info'));
  const more = decision.totals[level] - outcomes.length;
  if (more > 0) lines.push(`  … and ${more} more`);
  return lines;
}

function describeOutcome(outcome: GateOutcome, withRemedy: boolean): readonly string[] {
  const { evidence, platform } = outcome;
  const lines = [`  ${outcome.code}${platform === undefined ? '' : ` [${platform}]`} ${outcome.message}`];
  if (evidence !== undefined) {
    const place = evidence.pointer === undefined ? '' : ` at ${evidence.pointer}`;
    const format = evidence.format === undefined ? '' : `${evidence.format} `;
    lines.push(
      `      in ${format}${evidence.class} ${evidence.manifest}${place}, signed by ${evidence.signers.join(', ')}`,
    );
  }
  // Names of documents and products are theirs: a long list says no more than its beginning.
  for (const note of outcome.notes ?? []) lines.push(`      ${note}`);
  const remedy = withRemedy ? remedyFor(outcome) : undefined;
  lines.push(`      rule ${outcome.rule}${remedy === undefined ? '' : `; to do: ${remedy}`}`);
  return lines;
}

function describeUsed(used: UsedEvidence): string {
  const signers = used.signatures.map(describeSigner).join(' and ');
  return `  ${used.class} ${used.format} ${used.formatVersion} ${used.manifest}, signed by ${signers}`;
}

/** A decision that rests on a summary says so: nothing else was looked at. */
function describeSummary({ summary, signatures, verifier, timeVerified, validUntil }: SummaryProof): readonly string[] {
  const signers = signatures.map(describeSigner).join(' and ');
  return [
    `  verification summary ${summary} of ${verifier}, signed by ${signers}`,
    `      verified ${timeVerified.toISOString()}, counts until ${validUntil.toISOString()}; the evidence itself was not read`,
  ];
}

function describeSigner({ alias, statement, subject, time, timeKind }: EvidenceSignature): string {
  const when = time === undefined ? '' : `, ${time.toISOString()} ${timeKind}`;
  return `${alias} (${subject}; statement ${statement}${when})`;
}

/** Names of packages come from documents: no character in them may forge a line. */
function printable(line: string): string {
  return line.replace(
    /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
