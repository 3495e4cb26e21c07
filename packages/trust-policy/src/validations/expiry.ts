import { formatTime } from '@notarykit/common/internal';
import { type Check, type Context, failed } from './check.js';

/** Whether the signature has expired: at its expiry it has (trust-store-trust-policy.md, "Expiry": greater or equal). */
export function checkExpiry({ envelope, time }: Context): Check {
  const { expiry } = envelope.signedAttributes;
  if (expiry === undefined) return { message: 'the signature does not expire' };
  // Unlike `notAfter` of a certificate, the expiry itself is not included.
  if (time >= expiry) return failed({ fact: 'expired', expiry: formatTime(expiry), now: formatTime(time) });
  return {
    message: `the signature expires on ${formatTime(expiry)}`,
    until: [{ time: expiry, reason: 'signatureExpiry' }],
  };
}
