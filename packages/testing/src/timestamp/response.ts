import type { Bytes } from '@notarykit/common/internal';
import { Utf8String } from 'asn1js';
import { ContentInfo, type PKIStatus, PKIStatusInfo, TimeStampResp } from 'pkijs';
import { derOf, encodedAs, namedBits } from '../authority/der.js';

/** Status of a TSA's answer (RFC 3161, 2.4.2). */
export interface TimestampStatusOptions {
  /** PKIStatus. Default 0, granted. */
  readonly status?: number;
  readonly statusText?: string;
  /** Number of the failure bit: 0 badAlg, 2 badRequest, 5 badDataFormat, 14 timeNotAvailable … */
  readonly failure?: number;
}

/** A TSA's answer around a token, or without one. */
export function buildTimestampResponse(token: Bytes | undefined, options: TimestampStatusOptions = {}): Bytes {
  const { status = 0, statusText, failure } = options;
  const info = new PKIStatusInfo({
    status: status as PKIStatus,
    ...(statusText === undefined ? {} : { statusStrings: [new Utf8String({ value: statusText })] }),
    ...(failure === undefined ? {} : { failInfo: namedBits([failure]) }),
  });
  const answer = token === undefined ? {} : { timeStampToken: encodedAs(ContentInfo, token) };
  return derOf(new TimeStampResp({ status: info, ...answer }).toSchema());
}
