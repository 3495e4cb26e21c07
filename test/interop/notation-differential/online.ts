import { createRevocationChecker, type RevocationChecker } from '@notarykit/pki';
import { revocationFetch } from '@notarykit/pki/node';

const addresses = { loopback: true };

/** Asks the addresses in the certificates, on loopback too; remembers nothing. */
export function onlineChecker(timeoutMs: number): RevocationChecker {
  const times = { ocspTimeoutMs: timeoutMs, crlTimeoutMs: timeoutMs };
  return createRevocationChecker({ fetch: revocationFetch({ addresses }), addresses, ...times });
}
