import { isCodedError } from '@notarykit/common';
import type { Certificate, Extension } from '../certificate.js';
import { ExtensionOid, extensionSequence } from '../extensions.js';
import { type GeneralName, readGeneralName } from '../general-name.js';
import { NameConstraintState } from './name-constraints.js';
import { isSameAuthority, isSelfIssued, refuseChain } from './rules.js';

type Criticality = 'must' | 'mustNot' | 'may';

/** The extensions that this profile understands, and whether they must, must not or may be critical. */
const known: ReadonlyMap<string, Criticality> = new Map<string, Criticality>([
  [ExtensionOid.basicConstraints, 'may'],
  [ExtensionOid.keyUsage, 'may'],
  [ExtensionOid.extendedKeyUsage, 'may'],
  [ExtensionOid.subjectAlternativeName, 'may'],
  [ExtensionOid.crlDistributionPoints, 'may'],
  [ExtensionOid.certificatePolicies, 'may'],
  [ExtensionOid.nameConstraints, 'must'],
  [ExtensionOid.subjectKeyIdentifier, 'mustNot'],
  [ExtensionOid.authorityKeyIdentifier, 'mustNot'],
  [ExtensionOid.authorityInformationAccess, 'mustNot'],
]);

// Policies are not evaluated, so a constraint on them can never be met; RFC 5280 wants these critical.
const unmet: ReadonlySet<string> = new Set([ExtensionOid.policyConstraints, ExtensionOid.inhibitAnyPolicy]);

/**
 * The further rules of the profile `rfc5280`, from the anchor down. `others` are certificates that were at hand beside the path.
 *
 * @throws {PkiError} `ERR_PKI_CHAIN`, `ERR_PKI_LIMIT`
 */
export function checkRfc5280(path: readonly Certificate[], others: readonly Certificate[] = []): void {
  const constraints = new NameConstraintState();
  for (let index = path.length - 1; index >= 0; index--) {
    const certificate = path[index] as Certificate;
    const isLeaf = index === 0;
    const isAnchor = index === path.length - 1;
    checkExtensions(certificate);
    // Old roots have the serial number 0; who trusts one has seen it.
    if (!isAnchor) checkSerialNumber(certificate);
    checkSubjectKeyIdentifier(certificate);
    if (!isAnchor || !isSelfIssued(certificate)) checkAuthorityKeyIdentifier(certificate, isAnchor ? others : []);
    const names = alternativeNamesOf(certificate);
    checkNames(certificate, names);
    // RFC 5280, 6.1.3 (b): self-issued authorities are exempt, a leaf is not.
    if (isLeaf || !isSelfIssued(certificate)) checkConstrained(certificate, names, constraints);
    if (isLeaf) checkLeafConstraints(certificate);
    else asRefusal(certificate, 'name constraints', () => constraints.add(certificate));
  }
}

function checkExtensions(certificate: Certificate): void {
  const [malformed] = certificate.malformedExtensions;
  if (malformed !== undefined) refuseChain(certificate, `has a malformed extension ${malformed}`);
  for (const { oid, critical } of certificate.extensions) {
    const criticality = known.get(oid);
    if (unmet.has(oid)) refuseChain(certificate, `has the policy constraint ${oid}; policies are not evaluated`);
    if (critical && criticality === undefined) refuseChain(certificate, `has the unknown critical extension ${oid}`);
    if (critical && criticality === 'mustNot')
      refuseChain(certificate, `has the extension ${oid}, which must not be critical`);
    if (!critical && criticality === 'must')
      refuseChain(certificate, `has the extension ${oid}, which must be critical`);
  }
}

/** RFC 5280, 4.1.2.2: positive, at most 20 octets. */
function checkSerialNumber(certificate: Certificate): void {
  const { serialNumber, isSerialNumberNegative } = certificate;
  const octets = serialNumber.length / 2 + (Number.parseInt(serialNumber.slice(0, 2), 16) >= 0x80 ? 1 : 0);
  if (isSerialNumberNegative || serialNumber === '00')
    refuseChain(certificate, 'has a serial number that is not positive');
  if (octets > 20) refuseChain(certificate, `has a serial number of ${octets} octets; expected at most 20`);
}

/** RFC 5280, 4.2.1.2. */
function checkSubjectKeyIdentifier(certificate: Certificate): void {
  if (certificate.basicConstraints?.ca === true && certificate.subjectKeyIdentifier === undefined) {
    refuseChain(certificate, 'is an authority without subject key identifier');
  }
}

/**
 * RFC 5280, 4.2.1.1. For an anchor that another authority signed too, a further certificate of the same authority (name and key)
 * may say it in its place.
 */
function checkAuthorityKeyIdentifier(certificate: Certificate, others: readonly Certificate[]): void {
  const standIns = others.filter((other) => isSameAuthority(other, certificate));
  if ([certificate, ...standIns].some(({ authorityKeyIdentifier }) => authorityKeyIdentifier?.keyIdentifier)) return;
  refuseChain(certificate, 'has no authority key identifier');
}

/** The alternative names of a certificate. @throws {PkiError} `ERR_PKI_CHAIN` when they are malformed */
function alternativeNamesOf(certificate: Certificate): readonly GeneralName[] {
  const extension = certificate.extensions.find(({ oid }) => oid === ExtensionOid.subjectAlternativeName);
  if (extension === undefined) return [];
  return asRefusal(certificate, 'alternative names', () => readNames(extension));
}

function readNames(extension: Extension): GeneralName[] {
  const reader = extensionSequence(extension, 'alternative names');
  const names: GeneralName[] = [];
  do names.push(readGeneralName(reader));
  while (reader.more);
  return names;
}

/** RFC 5280, 4.1.2.4, 4.1.2.6 and 4.2.1.6. */
function checkNames(certificate: Certificate, names: readonly GeneralName[]): void {
  if (certificate.issuer.rdns.length === 0) refuseChain(certificate, 'has an empty issuer name');
  if (certificate.subject.rdns.length > 0) return;
  if (certificate.basicConstraints?.ca === true) refuseChain(certificate, 'is an authority with an empty name');
  const extension = certificate.extensions.find(({ oid }) => oid === ExtensionOid.subjectAlternativeName);
  if (names.length === 0 || extension?.critical !== true) {
    refuseChain(certificate, 'has an empty name and no critical alternative name');
  }
}

const oidEmailAddress = '1.2.840.113549.1.9.1';

function checkConstrained(
  certificate: Certificate,
  names: readonly GeneralName[],
  constraints: NameConstraintState,
): void {
  const { subject } = certificate;
  const all: GeneralName[] = [...names];
  if (subject.rdns.length > 0) all.push({ kind: 'directory', name: subject });
  // RFC 5280, 4.2.1.10: an address in the subject is constrained where there is none in the alternative names.
  if (!names.some(({ kind }) => kind === 'email')) {
    for (const { type, value } of subject.rdns.flat())
      if (type === oidEmailAddress) all.push({ kind: 'email', text: value });
  }
  const forbidden = constraints.findForbidden(all);
  if (forbidden !== undefined)
    refuseChain(certificate, `has a ${forbidden.kind} name that an authority above it excludes`);
}

function checkLeafConstraints(certificate: Certificate): void {
  if (certificate.extensions.some(({ oid }) => oid === ExtensionOid.nameConstraints)) {
    refuseChain(certificate, 'has name constraints but is no authority');
  }
}

function asRefusal<T>(certificate: Certificate, what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!isCodedError(error) || error.code !== 'ERR_PKI_ASN1') throw error;
    return refuseChain(certificate, `has malformed ${what}: ${error.message}`);
  }
}
