import type { EvidenceDocument } from '../evidence/evidence.js';
import type { SbomDocument } from '../sbom/document.js';
import { timeOf } from './time.js';

interface Dated {
  readonly document: EvidenceDocument;
  /** The newest authentic signing time, milliseconds. */
  readonly stamped?: number | undefined;
  /** When it was made, as it states itself, milliseconds. */
  readonly created?: number | undefined;
}

/**
 * All that may be the newest: the newest by authentic signing time and, of several with the same time, the newest by its stated time;
 * and of those without a signing time the newest by its stated time, unless that is older.
 */
export function newestSboms(documents: readonly EvidenceDocument[]): readonly EvidenceDocument[] {
  const dated = documents.map(datedOf);
  const stamped = latest(dated.map((one) => one.stamped));
  const stampedLast = dated.filter((one) => one.stamped !== undefined && one.stamped === stamped);
  const others = dated.filter((one) => one.stamped === undefined && (one.created ?? Infinity) >= (stamped ?? 0));
  return [...newestByWord(stampedLast), ...newestByWord(others)].map(({ document }) => document);
}

/** Each of several with the same time may be the newest, and so may one that states no time. */
function newestByWord(dated: readonly Dated[]): readonly Dated[] {
  const last = latest(dated.map(({ created }) => created));
  return dated.filter(({ created }) => created === undefined || created === last);
}

/** Times are compared, not texts: they are written in many zones. */
function datedOf(document: EvidenceDocument): Dated {
  const { created } = document.content as SbomDocument;
  const stamps = document.signatures.map(({ time, timeKind }) =>
    timeKind === 'claimed' ? undefined : time?.getTime(),
  );
  return { document, stamped: latest(stamps), created: timeOf(created ?? '')?.getTime() };
}

function latest(times: readonly (number | undefined)[]): number | undefined {
  return times.reduce((a, b) => (a === undefined || (b !== undefined && b > a) ? b : a), undefined);
}
