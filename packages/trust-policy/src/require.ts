import { describeKind } from '@notarykit/common/internal';
import { TrustError } from './errors.js';
import type { TrustStore } from './trust-store.js';

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

/** A policy whose statements name repositories. @throws {TrustError} `ERR_TRUST_POLICY` for one of blobs, which could select nothing */
export function requireArtifactPolicy<P extends { readonly statements: readonly object[] }>(policy: P): P {
  if (!requirePolicy(policy).statements.some((statement) => 'globalPolicy' in statement)) return policy;
  throw otherPolicy('artifacts (parseTrustPolicy)', 'blobs');
}

/** A policy for blobs. @throws {TrustError} `ERR_TRUST_POLICY` for one of artifacts, whose statements name repositories */
export function requireBlobPolicy<P extends { readonly statements: readonly object[] }>(policy: P): P {
  if (!requirePolicy(policy).statements.some((statement) => 'registryScopes' in statement)) return policy;
  throw otherPolicy('blobs (parseBlobTrustPolicy)', 'artifacts');
}

function otherPolicy(expected: string, found: string): TrustError {
  const message = `policy: expected a policy for ${expected}, found one for ${found}`;
  return new TrustError('ERR_TRUST_POLICY', message, { detail: { rule: 'type', member: 'policy' } });
}

/** Without the check it would look like a store that cannot be read. @throws {TrustError} `ERR_TRUST_POLICY` */
export function requireStore(store: TrustStore): TrustStore {
  if (typeof (store as Partial<TrustStore> | undefined | null)?.certificates === 'function') return store;
  throw wrongOption('trustStore', 'a trust store (memoryTrustStore, directoryTrustStore)', store);
}

/** An option of another type than its declaration says. */
export function wrongOption(member: string, expected: string, found: unknown): TrustError {
  const message = `${member}: expected ${expected}, found ${describeKind(found)}`;
  return new TrustError('ERR_TRUST_POLICY', message, { detail: { rule: 'type', member } });
}
