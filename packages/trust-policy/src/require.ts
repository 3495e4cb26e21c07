import { describeKind } from '@notarykit/common';
import { TrustError } from './errors.js';

/**
 * A policy as its parser returns it. The document itself would otherwise be used as if it were parsed: it has no levels, and its scopes
 * are as they were written.
 *
 * @throws {TrustError} `ERR_TRUST_POLICY`
 */
export function requirePolicy<P extends { readonly statements: unknown }>(policy: P): P {
  if (Array.isArray((policy as P | undefined | null)?.statements)) return policy;
  throw wrongOption('policy', 'a parsed policy (parseTrustPolicy, parseBlobTrustPolicy)', policy);
}

/** An option of another type than its declaration says. */
export function wrongOption(member: string, expected: string, found: unknown): TrustError {
  const message = `${member}: expected ${expected}, found ${describeKind(found)}`;
  return new TrustError('ERR_TRUST_POLICY', message, { detail: { rule: 'type', member } });
}
