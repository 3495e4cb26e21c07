import { formatPlatform } from '@notarykit/artifact-graph/internal';
import type { AuditResult, AuditVerdict } from 'notarykit/internal';
import type { Piece } from './markup.js';
import { type Mood, marked, page, table, verbatim } from './page.js';

const moods: Readonly<Record<AuditVerdict['verdict'], Mood>> = {
  trusted: 'yes',
  skipped: 'neutral',
  refused: 'no',
  undecided: 'no',
};

/** An audit as a page: every artifact, what ends when, and what to sign again. */
export function auditPage(repository: string, results: readonly AuditResult[], text: string): string {
  return page(`Audit of ${repository}`, moodOf(results), [
    table('Artifacts', ['verdict', 'tags', 'digest', 'ends', 'why'], results.flatMap(rowsOf)),
    verbatim('In words', text),
  ]);
}

/** Green only for what was verified: an empty repository, or one with skipped artifacts, has no colour. */
function moodOf(results: readonly AuditResult[]): Mood {
  const found = new Set(results.flatMap((one) => [one, ...one.manifests]).map(({ verdict }) => moods[verdict]));
  if (found.has('no')) return 'no';
  return found.has('yes') && !found.has('neutral') ? 'yes' : 'neutral';
}

function rowsOf(result: AuditResult): readonly (readonly Piece[])[] {
  const { tags, descriptor, manifests } = result;
  return [
    row(result, tags.join(', '), descriptor?.digest),
    ...manifests.map((one) => {
      const { platform, digest } = one.descriptor;
      return row(one, platform === undefined ? 'no platform' : formatPlatform(platform), digest);
    }),
  ];
}

function row({ verdict, renewBy, problem }: AuditVerdict, name: string, digest: string | undefined): readonly Piece[] {
  return [marked(moods[verdict], verdict), name, digest, renewBy?.time, problem?.message];
}
