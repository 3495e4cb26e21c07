import { type VerdictName, verdictNameOf } from '@notarykit/common/internal';
import { type AuditOpinion, isUnsigned } from './judge.js';
import type { AuditResult } from './result.js';

/** How many there are of each verdict. */
export interface VerdictCounts extends Readonly<Record<VerdictName, number>> {
  /** Those of the refused that have no signature at all. */
  readonly unsigned: number;
}

/** An audit in numbers. */
export interface AuditSummary {
  /** Artifacts, by verdict. */
  readonly artifacts: VerdictCounts;
  /** Manifests of indexes, by verdict. */
  readonly manifests: VerdictCounts;
  /** Artifacts and manifests whose verdict the other policy would turn. */
  readonly flips: number;
  /** When the first of the trusted artifacts ends, RFC 3339. */
  readonly firstEnd?: string;
}

/** Counts the results of an audit. */
export async function summarizeAudit(
  results: Iterable<AuditResult> | AsyncIterable<AuditResult>,
): Promise<AuditSummary> {
  const artifacts = { trusted: 0, refused: 0, skipped: 0, undecided: 0, unsigned: 0 };
  const manifests = { ...artifacts };
  let flips = 0;
  let firstEnd: string | undefined;
  for await (const result of results) {
    count(artifacts, result);
    for (const manifest of result.manifests) count(manifests, manifest);
    flips += [result, ...result.manifests].filter(({ against }) => against?.flips === true).length;
    const end = result.renewBy?.time;
    if (end !== undefined && (firstEnd === undefined || Date.parse(end) < Date.parse(firstEnd))) firstEnd = end;
  }
  return { artifacts, manifests, flips, ...(firstEnd !== undefined && { firstEnd }) };
}

function count(counts: { -readonly [name in keyof VerdictCounts]: number }, opinion: AuditOpinion): void {
  counts[verdictNameOf(opinion.verdict)]++;
  if (opinion.verdict === 'refused' && isUnsigned(opinion)) counts.unsigned++;
}
