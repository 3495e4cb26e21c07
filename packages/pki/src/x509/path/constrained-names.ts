import { isCodedError } from '@notarykit/common/internal';
import type { Certificate, Extension } from '../certificate.js';
import { ExtensionOid, extensionSequence } from '../extensions.js';
import { type GeneralName, readGeneralName } from '../general-name.js';
import { NameConstraintState } from './name-constraints.js';
import { isSelfIssued, refuseChain } from './rules.js';

/**
 * Evaluates the name constraints of a path, leaf first, from the anchor down (RFC 5280, 6.1.3 (b) and (c), 6.1.4 (g)). Whether
 * they are marked critical does not matter.
 *
 * @throws {PkiError} `ERR_PKI_CHAIN` a name is excluded, or constraints or alternative names are malformed; `ERR_PKI_LIMIT`
 */
export function checkNameConstraints(path: readonly Certificate[]): void {
  const constraints = new NameConstraintState();
  // From the anchor down: the constraints of an authority apply to everything below it (RFC 5280, 6.1.4 (g)).
  for (let index = path.length - 1; index >= 0; index--) {
    const certificate = path[index] as Certificate;
    const isLeaf = index === 0;
    const names = alternativeNamesOf(certificate);
    // RFC 5280, 6.1.3 (b): self-issued authorities are exempt, a leaf is not.
    if (isLeaf || !isSelfIssued(certificate)) checkConstrained(certificate, names, constraints);
    if (!isLeaf) asRefusal(certificate, 'name constraints', () => constraints.add(certificate));
  }
}

/** The alternative names of a certificate. @throws {PkiError} `ERR_PKI_CHAIN` when they are malformed */
export function alternativeNamesOf(certificate: Certificate): readonly GeneralName[] {
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

/** What cannot be read refuses the certificate that it stands in. */
export function asRefusal<T>(certificate: Certificate, what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!isCodedError(error) || error.code !== 'ERR_PKI_ASN1') throw error;
    return refuseChain(certificate, `has malformed ${what}: ${error.message}`);
  }
}
