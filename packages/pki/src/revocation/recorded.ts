import type { Bytes } from '@notarykit/common';
import { PkiError } from '../errors.js';
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
