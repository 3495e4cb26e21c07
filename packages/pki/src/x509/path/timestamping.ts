import { contextTag } from '../../asn1/index.js';
import type { Certificate, Extension } from '../certificate.js';
import { ExtensionOid, extensionSequence } from '../extensions.js';
import { asRefusal, checkNameConstraints } from './constrained-names.js';
import { refuseChain } from './rules.js';

/** The extensions that this profile evaluates, or that ask for nothing where policies are not demanded (RFC 5280, 6.1). */
const understood: ReadonlySet<string> = new Set([
  ExtensionOid.basicConstraints,
  ExtensionOid.keyUsage,
  ExtensionOid.extendedKeyUsage,
  ExtensionOid.subjectAlternativeName,
  ExtensionOid.crlDistributionPoints,
  ExtensionOid.nameConstraints,
  ExtensionOid.certificatePolicies,
  ExtensionOid.policyMappings,
  ExtensionOid.policyConstraints,
  ExtensionOid.inhibitAnyPolicy,
]);

/**
 * The further rules of the profile `timestamping`: every critical extension is understood, the names of all certificates are within
 * the constraints of the authorities above them, and no authority demands a policy (RFC 5280, 4.2 and 6.1).
 *
 * @throws {PkiError} `ERR_PKI_CHAIN`, `ERR_PKI_LIMIT`
 */
export function checkTimestampingPath(path: readonly Certificate[]): void {
  for (const certificate of path) checkExtensions(certificate);
  // What an anchor says of policies is not part of the path (RFC 5280, 6.1).
  for (const certificate of path.slice(0, -1)) checkPolicies(certificate);
  checkNameConstraints(path);
}

function checkExtensions(certificate: Certificate): void {
  const [malformed] = certificate.malformedExtensions;
  if (malformed !== undefined) refuseChain(certificate, `has a malformed extension ${malformed}`);
  const unknown = certificate.extensions.find(({ oid, critical }) => critical && !understood.has(oid));
  if (unknown !== undefined)
    refuseChain(certificate, `has the critical extension ${unknown.oid}, which is not understood`);
}

function checkPolicies(certificate: Certificate): void {
  const extension = certificate.extensions.find(({ oid }) => oid === ExtensionOid.policyConstraints);
  if (extension === undefined) return;
  if (asRefusal(certificate, 'policy constraints', () => demandsPolicy(extension)))
    refuseChain(certificate, 'demands certificate policies, which are not evaluated');
}

/** Whether requireExplicitPolicy is there (RFC 5280, 4.2.1.11); inhibitPolicyMapping alone asks for nothing. */
function demandsPolicy(extension: Extension): boolean {
  const reader = extensionSequence(extension, 'policy constraints');
  const explicit = reader.optional(contextTag(0, 'primitive'));
  const mapping = reader.optional(contextTag(1, 'primitive'));
  if (explicit === undefined && mapping === undefined) reader.fail('a constraint on policies', 'none');
  reader.finish('policy constraints');
  return explicit !== undefined;
}
