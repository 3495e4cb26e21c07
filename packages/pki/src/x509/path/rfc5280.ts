import type { Certificate } from '../certificate.js';
import { ExtensionOid } from '../extensions.js';
import type { GeneralName } from '../general-name.js';
import { alternativeNamesOf, checkNameConstraints } from './constrained-names.js';
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
  for (let index = path.length - 1; index >= 0; index--) {
    const certificate = path[index] as Certificate;
    const isLeaf = index === 0;
    const isAnchor = index === path.length - 1;
    checkExtensions(certificate);
    // Old roots have the serial number 0; who trusts one has seen it.
    if (!isAnchor) checkSerialNumber(certificate);
    checkSubjectKeyIdentifier(certificate);
    if (!isAnchor || !isSelfIssued(certificate)) checkAuthorityKeyIdentifier(certificate, isAnchor ? others : []);
    checkNames(certificate, alternativeNamesOf(certificate));
    if (isLeaf) checkLeafConstraints(certificate);
  }
  checkNameConstraints(path);
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

function checkLeafConstraints(certificate: Certificate): void {
  if (certificate.extensions.some(({ oid }) => oid === ExtensionOid.nameConstraints)) {
    refuseChain(certificate, 'has name constraints but is not an authority');
  }
}
