import { equalBytes, shorten } from '@notarykit/common/internal';
import { signatureParametersOf } from '../../crypto/signature-algorithm.js';
import { PkiError } from '../../errors.js';
import { describeOid } from '../../oid-names.js';
import type { Certificate, KeyUsageName } from '../certificate.js';
import { formatName } from '../name.js';
import type { PathOptions } from './options.js';

/** Refuses a chain because of one of its certificates. @throws {PkiError} `ERR_PKI_CHAIN` always */
export function refuseChain(certificate: Certificate, fact: string): never {
  throw new PkiError('ERR_PKI_CHAIN', `certificate "${shorten(formatName(certificate.subject))}" ${fact}`);
}

/** Whether issuer and subject are the same name. */
export function isSelfIssued({ issuer, subject }: Certificate): boolean {
  return equalBytes(issuer.der, subject.der);
}

/** Whether two certificates are of one authority: the same name and key. */
export function isSameAuthority(a: Certificate, b: Certificate): boolean {
  return equalBytes(a.subject.der, b.subject.der) && equalBytes(a.publicKey.der, b.publicKey.der);
}

const anyPurpose = '2.5.29.37.0';
const authorityOnly: readonly KeyUsageName[] = ['keyCertSign', 'cRLSign'];

/** Rules of every certificate of a path, the anchor too. */
export function checkCertificate(certificate: Certificate, { at = new Date() }: PathOptions): void {
  const { version, notBefore, notAfter, signatureAlgorithmDer } = certificate;
  if (version !== 3) refuseChain(certificate, `is of version ${version}; expected 3`);
  // RFC 5280, 4.1.2.5: both ends belong to the validity. It has whole seconds, and a fraction of one must not lengthen or cut it.
  const now = Math.floor(at.getTime() / 1000) * 1000;
  if (now < notBefore.getTime()) refuseChain(certificate, `is not valid before ${notBefore.toISOString()}`);
  if (now > notAfter.getTime()) refuseChain(certificate, `expired at ${notAfter.toISOString()}`);
  if (signatureParametersOf(signatureAlgorithmDer) === undefined) {
    refuseChain(
      certificate,
      `is signed with algorithm ${describeOid(certificate.signatureAlgorithm)}, which is not allowed (or not with these parameters)`,
    );
  }
}

/** Rules of a leaf. */
export function checkLeaf(certificate: Certificate, { extendedKeyUsage }: PathOptions): void {
  const { basicConstraints, keyUsage, publicKey } = certificate;
  if (basicConstraints?.ca === true) refuseChain(certificate, 'is an authority; expected a leaf');
  // RFC 5280, 4.2.1.3 and 4.2.1.9: keyCertSign needs cA; a leaf with it could sign certificates for readers that look at one only.
  if (authorityOnly.some((usage) => keyUsage?.usages.has(usage))) {
    refuseChain(certificate, 'has the key usage of an authority but is not one');
  }
  const isExactRsa = publicKey.type === 'rsa' && [2048, 3072, 4096].includes(publicKey.bits);
  if (!isExactRsa && publicKey.type !== 'ec') {
    refuseChain(certificate, 'has a key that is not RSA of 2048, 3072 or 4096 bits or EC on P-256, P-384 or P-521');
  }
  const purposes = certificate.extendedKeyUsage?.purposes;
  if (purposes === undefined) return;
  if (purposes.length === 0) refuseChain(certificate, 'has an empty extended key usage');
  // anyExtendedKeyUsage does not count for a leaf: signing is a purpose that must be named.
  if (extendedKeyUsage !== undefined && !purposes.includes(extendedKeyUsage)) {
    refuseChain(certificate, `does not have the extended key usage ${extendedKeyUsage}`);
  }
}

/** Rules of an authority with so many authorities (self-issued ones not counted) between it and the leaf. */
export function checkAuthority(certificate: Certificate, below: number, options: PathOptions): void {
  const { basicConstraints, keyUsage, publicKey, extendedKeyUsage } = certificate;
  if (basicConstraints?.ca !== true) refuseChain(certificate, 'is not an authority but issues certificates');
  if (!basicConstraints.critical && options.requireCriticalBasicConstraints !== false) {
    refuseChain(certificate, 'is an authority whose basic constraints are not critical');
  }
  // RFC 5280, 4.2.1.9: the number of non-self-issued authorities below, the leaf not counted.
  if (basicConstraints.pathLength !== undefined && below > basicConstraints.pathLength) {
    refuseChain(certificate, `allows ${basicConstraints.pathLength} authorities below it; found ${below}`);
  }
  if (keyUsage !== undefined && !keyUsage.usages.has('keyCertSign')) {
    refuseChain(certificate, 'issues certificates without the key usage keyCertSign');
  }
  if (publicKey.type === 'unsupported' || (publicKey.type === 'rsa' && publicKey.bits < 2048)) {
    refuseChain(certificate, 'is an authority whose key is weak or not supported');
  }
  const wanted = options.extendedKeyUsage;
  if (extendedKeyUsage === undefined || wanted === undefined) return;
  if (!extendedKeyUsage.purposes.some((purpose) => purpose === wanted || purpose === anyPurpose)) {
    refuseChain(certificate, `is an authority that is limited to other purposes than ${wanted}`);
  }
}

/** How many authorities stand between leaf and anchor in a path, self-issued ones not counted. */
export function countIntermediates(authorities: readonly Certificate[]): number {
  return authorities.filter((certificate) => !isSelfIssued(certificate)).length;
}
