import type { JsonObject } from '@notarykit/common/internal';
import { type ParsePolicyOptions, parseTrustPolicy } from '../document/parse.js';
import type { TrustPolicy } from '../document/policy.js';
import { documentBytes, policyLimits, readDocument } from '../document/read.js';
import { parseExtendedTrustPolicy } from './parse.js';
import { type ExtendedTrustPolicy, extendedPrefix } from './policy.js';

/**
 * Reads a trust policy document, plain or extended: its version says which. Programs that read plain documents only should call
 * `parseTrustPolicy`, which does not load the extended reader.
 *
 * @param options - limits for both kinds, the rest for plain documents: an extended one never has unknown members
 * @throws {TrustError} `ERR_TRUST_POLICY`; `detail` names the statement, the member and the rule
 *
 * @example
 * ```ts
 * const policy = parseAnyTrustPolicy(await readFile('trustpolicy.json'));
 * await verify(repository, 'v1', { policy, trustStore, revocation });
 * ```
 */
export function parseAnyTrustPolicy(
  document: Uint8Array | string | object,
  options: ParsePolicyOptions = {},
): TrustPolicy | ExtendedTrustPolicy {
  const bytes = documentBytes(document);
  return isExtendedDocument(
    readDocument(bytes, { kind: 'OCI', strict: false, limits: policyLimits(options), warnings: [] }),
  )
    ? parseExtendedTrustPolicy(bytes, options)
    : parseTrustPolicy(bytes, options);
}

/** Versions of ours that this program does not know are refused by the extended reader, which says so. */
export function isExtendedDocument({ version }: JsonObject): boolean {
  return typeof version === 'string' && version.startsWith(extendedPrefix);
}
