import type { AuditOpinion } from './judge.js';
import type { AuditResult } from './result.js';

/** An audit in numbers. */
export interface AuditSummary {
  /** Artifacts, by verdict. */
  readonly artifacts: Readonly<Record<AuditOpinion['verdict'], number>>;
  /** Manifests of indexes, by verdict. */
  readonly manifests: Readonly<Record<AuditOpinion['verdict'], number>>;
  /** Artifacts and manifests whose verdict the other policy would turn. */
  readonly flips: number;
  /** When the first of the trusted artifacts ends, RFC 3339. */
  readonly firstEnd?: string;
}

/** Counts the results of an audit. */
export async function summarizeAudit(
  results: Iterable<AuditResult> | AsyncIterable<AuditResult>,
): Promise<AuditSummary> {
  const artifacts = { trusted: 0, skipped: 0, unsigned: 0, notTrusted: 0, error: 0 };
  const manifests = { ...artifacts };
  let flips = 0;
  let firstEnd: string | undefined;
  for await (const result of results) {
    artifacts[result.verdict]++;
    for (const { verdict } of result.manifests) manifests[verdict]++;
    flips += [result, ...result.manifests].filter(({ against }) => against?.flips === true).length;
    const end = result.renewBy?.time;
    if (end !== undefined && (firstEnd === undefined || Date.parse(end) < Date.parse(firstEnd))) firstEnd = end;
  }
  return { artifacts, manifests, flips, ...(firstEnd !== undefined && { firstEnd }) };
}
