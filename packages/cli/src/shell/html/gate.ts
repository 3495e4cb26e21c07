import { formatTime } from '@notarykit/common/internal';
import { type TimedDecision, textOfDecision } from '../gate.js';
import { facts, marked, page, table, verbatim } from './page.js';

/** A decision as a page: what led to it, and on what signed evidence it rests. */
export function gatePage(decision: TimedDecision): string {
  const { verdict, image, outcomes, evidence, evaluatedAt, at } = decision;
  const allows = verdict === 'ALLOW';
  return page(`${verdict}: ${image.reference ?? image.digest}`, allows ? 'yes' : 'no', [
    facts('Decision', [
      ['decided at', at === undefined ? formatTime(evaluatedAt) : undefined],
      ['as of', at && `${formatTime(at)} (--at), not of now`],
    ]),
    table(
      'Outcomes',
      ['level', 'code', 'what', 'rule'],
      outcomes.map(({ level, code, message, rule }) => [
        marked(level === 'deny' || level === 'rescan' ? 'no' : 'neutral', level),
        code,
        message,
        rule,
      ]),
    ),
    table(
      'Evidence',
      ['class', 'format', 'manifest', 'signed by'],
      evidence.used.map((used) => [
        used.class,
        `${used.format} ${used.formatVersion}`,
        used.manifest,
        used.signatures.map(({ subject }) => subject).join(', '),
      ]),
    ),
    verbatim('In words', textOfDecision(decision)),
  ]);
}
