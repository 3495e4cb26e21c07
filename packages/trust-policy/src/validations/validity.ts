import { formatTime } from '@notarykit/common/internal';
import type { Certificate } from '@notarykit/pki/internal/core';
import type { TimeSource } from '../facts.js';
import { certificateFact } from '../report/certificate.js';
import { type Check, failed, type Until } from './check.js';

/** Whether every certificate of a chain is valid at a time, bounds included; no skew (RFC 5280, 4.1.2.5). */
export function checkValidity(chain: readonly Certificate[], time: Date, timeSource: TimeSource): Check {
  for (const certificate of chain) {
    if (time < certificate.notBefore || time > certificate.notAfter) {
      const validity = { certificate: certificateFact(certificate), time: formatTime(time), timeSource };
      return failed(
        time < certificate.notBefore
          ? { fact: 'certificateNotYetValid', ...validity }
          : { fact: 'certificateExpired', ...validity },
      );
    }
  }
  return {
    message: `every certificate is valid at ${formatTime(time)}`,
    evidence: [{ kind: 'time', time: formatTime(time), source: timeSource }],
    // A time that the signature carries does not move; only validity now ends by itself.
    ...(timeSource === 'verification' ? { until: [firstToExpire(chain)] } : {}),
  };
}

function firstToExpire(chain: readonly Certificate[]): Until {
  const certificate = chain.reduce((first, next) => (next.notAfter < first.notAfter ? next : first));
  // `notAfter` is the last valid second, so the verdict changes one second later.
  return { time: new Date(certificate.notAfter.getTime() + 1000), reason: 'certificateExpiry', certificate };
}
