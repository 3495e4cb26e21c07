import { type Bytes, utf8 } from '@notarykit/common';
import { element, integer, sequence } from '../authority/der.js';
import { namedBits } from '../authority/extensions.js';

/** Status of a TSA's answer (RFC 3161, 2.4.2). */
export interface TimestampResponseOptions {
  /** PKIStatus. Default 0, granted. */
  readonly status?: number;
  readonly statusText?: string;
  /** Number of the failure bit: 0 badAlg, 2 badRequest, 5 badDataFormat, 14 timeNotAvailable … */
  readonly failure?: number;
}

/** A TSA's answer around a token, or without one. */
export function buildTimestampResponse(token: Bytes | undefined, options: TimestampResponseOptions = {}): Bytes {
  const { status = 0, statusText, failure } = options;
  const info = sequence(
    integer(status),
    ...(statusText === undefined ? [] : [sequence(element(0x0c, utf8(statusText)))]),
    ...(failure === undefined ? [] : [namedBits([failure])]),
  );
  return sequence(info, ...(token === undefined ? [] : [token]));
}
