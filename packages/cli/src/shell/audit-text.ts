import { formatPlatform } from '@notarykit/artifact-graph/internal';
import { verdictNames } from '@notarykit/common/internal';
import {
  type AuditResult,
  type AuditSummary,
  type AuditVerdict,
  isUnsigned,
  type ResigningPlan,
} from 'notarykit/internal';

const width = Math.max(...verdictNames.map(({ length }) => length)) + 2;

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
    ...(problem === undefined ? [] : [isUnsigned(verdict) ? 'unsigned' : problem.message]),
    ...(against?.flips === true ? [`the other policy: ${against.verdict}`] : []),
  ];
  return `${verdict.verdict.padEnd(width)}${name}${notes.length === 0 ? '' : `, ${notes.join('; ')}`}`;
}

/** The audit in one line. */
export function summaryLine({ artifacts, flips }: AuditSummary): string {
  const counts = verdictNames.map((verdict) => [verdict, artifacts[verdict]] as const);
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  const unsigned = artifacts.unsigned === 0 ? '' : ` (${artifacts.unsigned} unsigned)`;
  const parts = counts.flatMap(([verdict, count]) =>
    count === 0 ? [] : [`${count} ${verdict}${verdict === 'refused' ? unsigned : ''}`],
  );
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
