import { quote } from '@notarykit/common/internal';
import type { RevocationAttempt } from '../facts.js';
import type { FactTable } from './fact-table.js';

/** Words for facts about revocation. */
export const revocationFacts: FactTable<'certificateRevoked' | 'revocationUnavailable' | 'revocationNotChecked'> = {
  certificateRevoked: ({ chain, certificate, attempts }) => ({
    message: `certificate ${quote(certificate.subject)} of the ${chain} chain is revoked${since(attempts)}`,
    remedy:
      chain === 'signing'
        ? 'do not use this artifact unless you know why the certificate was revoked; have it signed again with another certificate'
        : 'have the artifact signed and timestamped again with another timestamp authority',
  }),
  revocationUnavailable: ({ chain, certificate, attempts }) => ({
    message: `cannot determine whether certificate ${quote(certificate.subject)} of the ${chain} chain is revoked${tried(attempts)}`,
    remedy:
      'let this machine reach the OCSP or CRL server of the certificate, give recorded evidence that is still valid, or override revocation to "log" in the statement',
  }),
  revocationNotChecked: ({ chain, reason }) => ({
    message: `the revocation of the ${chain} chain was not checked: ${reason}`,
    remedy:
      chain === 'signing'
        ? 'give the verifier a revocation checker (createRevocationChecker of @notarykit/pki), or override revocation to "skip" in the statement'
        : 'give the verifier a revocation checker: that of a timestamp authority is always asked, whatever the level says',
  }),
};

function since(attempts: readonly RevocationAttempt[]): string {
  const revoked = attempts.find((attempt) => attempt.outcome === 'revoked');
  if (revoked === undefined) return '';
  const when = revoked.revokedAt === undefined ? '' : ` since ${revoked.revokedAt}`;
  const why = revoked.reason === undefined ? '' : `, reason ${quote(revoked.reason)}`;
  return `${when}${why}, says ${revoked.method.toUpperCase()}${revoked.url === undefined ? '' : ` ${quote(revoked.url)}`}`;
}

function tried(attempts: readonly RevocationAttempt[]): string {
  if (attempts.length === 0) return '';
  const each = attempts.slice(0, 5).map(({ method, url, reason }) => {
    return `${method.toUpperCase()}${url === undefined ? '' : ` ${quote(url)}`}${reason === undefined ? '' : `: ${quote(reason)}`}`;
  });
  return ` (${each.join('; ')})`;
}
