import type { Bytes } from '@notarykit/common';
import { type Check, type Context, failed } from './check.js';

/** Verifies an RFC 3161 countersignature with the `tsa` stores of the statement. */
export async function verifyCountersignature(_context: Context, _token: Bytes): Promise<Check> {
  return failed({
    fact: 'timestampRefused',
    code: 'ERR_PKI_TIMESTAMP',
    message: 'timestamp countersignatures are not verified by this version',
  });
}
