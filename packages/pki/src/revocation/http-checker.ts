import { requireFetch } from '../require-fetch.js';
import type { RevocationChecker } from './checker.js';
import type { RevocationCheckerOptions } from './checker-options.js';
import { checkerOver } from './checker-over.js';
import { httpSource } from './http-source.js';
import { identityOf } from './identity.js';

/**
 * Asks OCSP responders and, where they give no answer, CRL distribution points over HTTP (trust-store-trust-policy.md,
 * "Certificate Revocation Evaluation"). The chain must be validated before. Whatever goes wrong is `unavailable`, never `good`
 * and never an exception, but for the caller's own abort.
 *
 * URLs come from certificates: only `http` to allowed addresses is asked. Names are checked where they are resolved, by the
 * `fetch` given; use `revocationFetch` of `@notarykit/pki/node` there. Sizes and times are bounded by the options, times in milliseconds.
 *
 * @example
 * ```ts
 * import { createRevocationChecker } from '@notarykit/pki';
 * import { revocationFetch } from '@notarykit/pki/node';
 *
 * const revocation = createRevocationChecker({ fetch: revocationFetch() });
 * const [leaf] = await revocation.check(chain);
 * if (leaf?.status === 'revoked') throw new Error('revoked');
 * ```
 *
 * @throws {PkiError} `ERR_PKI_REVOCATION` where a caller without types gives no `fetch`
 */
export function createRevocationChecker(options: RevocationCheckerOptions): RevocationChecker {
  requireFetch(options, 'ERR_PKI_REVOCATION', 'revocationFetch() of @notarykit/pki/node');
  return { ...checkerOver(httpSource(options), options), ...identityOf(options) };
}
