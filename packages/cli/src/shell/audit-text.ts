import { formatPlatform } from '@notarykit/artifact-graph';
import type { AuditResult, AuditSummary, AuditVerdict, ResigningPlan } from 'notarykit';

const words = {
  trusted: 'trusted',
  skipped: 'skipped',
  unsigned: 'unsigned',
  notTrusted: 'not trusted',
  error: 'error',
} as const;
const width = Math.max(...Object.values(words).map(({ length }) => length)) + 2;

/** One artifact, and the manifests of an index below it. */
export function auditLines(result: AuditResult): readonly string[] {
  const { tags, descriptor, manifests } = result;
  const own = line(result, `${tags.join(', ')} ${descriptor?.digest ?? ''}`.trim());
  return [
    own,
    ...manifests.map((manifest) => {
      const { platform, digest } = manifest.descriptor;
      return `  ${line(manifest, `${platform === undefined ? 'no platform' : formatPlatform(platform)} ${digest}`)}`;
    }),
  ];
}

function line(verdict: AuditVerdict, name: string): string {
  const { problem, renewBy, against } = verdict;
  const notes = [
    ...(renewBy === undefined ? [] : [`until ${renewBy.time}`]),
    ...(problem === undefined || verdict.verdict === 'unsigned' ? [] : [problem.message]),
    ...(against?.flips === true ? [`the other policy: ${words[against.verdict]}`] : []),
  ];
  return `${words[verdict.verdict].padEnd(width)}${name}${notes.length === 0 ? '' : `, ${notes.join('; ')}`}`;
}

/** The audit in one line. */
export function summaryLine({ artifacts, flips }: AuditSummary): string {
  const counts = Object.entries(artifacts).filter(([, count]) => count > 0);
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  const parts = counts.map(([verdict, count]) => `${count} ${words[verdict as keyof typeof words]}`);
  const turned = flips === 0 ? '' : `; ${flips} would flip`;
  return `${total} ${total === 1 ? 'artifact' : 'artifacts'}${total === 0 ? '' : `: ${parts.join(', ')}`}${turned}`;
}

/** What to sign again, and what to look at before. */
export function planLines({ renew, review, undecided }: ResigningPlan): readonly string[] {
  return [
    ...renew.map(({ repository, descriptor, by }) => {
      const when = by === undefined ? 'before the other policy applies' : `before ${by}`;
      return `sign again ${when}: ${repository}@${descriptor.digest}`;
    }),
    ...review.map(({ repository, descriptor }) => `look at, then sign: ${repository}@${descriptor.digest}`),
    ...undecided.map(({ repository, cursor }) => `audit again: ${repository}, ${cursor}`),
  ];
}
