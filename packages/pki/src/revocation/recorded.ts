import { type Bytes, isCodedError } from '@notarykit/common/internal';
import { PkiError } from '../errors.js';
import { parseCrl } from './crl.js';
import { clockSkewMs } from './freshness.js';
import { parseOcspResponse } from './ocsp-response.js';
import type { RevocationSource } from './source.js';

/** An answer that a check rested on: enough to make the same check again without network. */
export interface RecordedAnswer {
  readonly method: 'ocsp' | 'crl';
  readonly url: string;
  /** OCSP only: the identifier of the certificate (hash algorithm, issuer hashes, serial number). */
  readonly certId?: string;
  /** The answer, DER. */
  readonly answer: Bytes;
}

/** Answers out of a recording; what is not in it is not there. */
export function recordedSource(answers: readonly RecordedAnswer[]): RevocationSource {
  const byName = new Map(answers.map((one) => [nameOf(one), one.answer]));
  const find = (wanted: Omit<RecordedAnswer, 'answer'>): Promise<Bytes> => {
    const answer = byName.get(nameOf(wanted));
    if (answer !== undefined) return Promise.resolve(answer);
    const error = new PkiError('ERR_PKI_REVOCATION', `expected a recorded ${wanted.method} answer, found none`);
    return Promise.reject(error);
  };
  return {
    ocsp: ({ url, certId }) => find({ method: 'ocsp', url, certId }),
    crl: (url) => find({ method: 'crl', url }),
  };
}

const nameOf = ({ method, url, certId = '' }: Omit<RecordedAnswer, 'answer'>): string => `${method} ${certId} ${url}`;

/**
 * One answer of each name: the newest that was there at a time. Where all came later, the first of them, so that the check says why
 * it does not count.
 */
export function answersAt(answers: readonly RecordedAnswer[], time: Date): readonly RecordedAnswer[] {
  const byName = new Map<string, RecordedAnswer[]>();
  for (const answer of answers) {
    const same = byName.get(nameOf(answer));
    if (same === undefined) byName.set(nameOf(answer), [answer]);
    else same.push(answer);
  }
  return [...byName.values()].map((same) => (same.length === 1 ? (same[0] as RecordedAnswer) : newestAt(same, time)));
}

function newestAt(answers: readonly RecordedAnswer[], time: Date): RecordedAnswer {
  const dated = answers.map((answer) => ({ answer, made: madeAt(answer) })).sort((a, b) => a.made - b.made);
  const there = dated.filter(({ made }) => made <= time.getTime() + clockSkewMs);
  return (there.at(-1) ?? dated[0])?.answer as RecordedAnswer;
}

// A recording is gone through at every check: what was read once is not read again.
const dates = new WeakMap<RecordedAnswer, number>();

function madeAt(answer: RecordedAnswer): number {
  const made = dates.get(answer) ?? readDate(answer);
  dates.set(answer, made);
  return made;
}

/** When an answer says it was made; one that cannot be read is older than all others, and replaces none. */
function readDate({ method, answer }: RecordedAnswer): number {
  try {
    return (method === 'crl' ? parseCrl(answer).thisUpdate : parseOcspResponse(answer).producedAt).getTime();
  } catch (error) {
    if (!isCodedError(error)) throw error;
    return Number.NEGATIVE_INFINITY;
  }
}
