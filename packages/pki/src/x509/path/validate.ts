import { equalBytes } from '@notarykit/common/internal';
import { PkiError } from '../../errors.js';
import type { Certificate } from '../certificate.js';
import { verifyCertificateSignature } from '../verify.js';
import type { BuildPathOptions, PathOptions } from './options.js';
import { checkRfc5280 } from './rfc5280.js';
import { checkAuthority, checkCertificate, checkLeaf, countIntermediates, refuseChain } from './rules.js';
import { checkTimestampingPath } from './timestamping.js';

/**
 * Validates a path, leaf first, whose last certificate is one of the anchors (RFC 5280, 6.1, less what the profile leaves out).
 * Names are compared byte by byte. Revocation is not looked at.
 *
 * @throws {PkiError} `ERR_PKI_CHAIN` the path is not valid, `ERR_PKI_LIMIT` its name constraints cost too much
 */
export async function validatePath(path: readonly Certificate[], options: PathOptions): Promise<void> {
  const { maxIntermediates = 8 } = options;
  const anchor = path.at(-1);
  if (anchor === undefined)
    throw new PkiError('ERR_PKI_CHAIN', 'expected a path of at least one certificate, found none');
  // Equal bytes: another certificate with the name and key of an anchor is not the anchor.
  if (!options.anchors.some(({ der }) => equalBytes(der, anchor.der))) refuseChain(anchor, 'is not trusted');
  if (countIntermediates(path.slice(1, -1)) > maxIntermediates) {
    refuseChain(anchor, `has a path of more than ${maxIntermediates} authorities below it`);
  }
  // Rules before signatures: they are cheap, and an attacker chooses how many signatures there are.
  checkRules(path, options);
  for (const [index, issuer] of path.slice(1).entries()) {
    const certificate = path[index] as Certificate;
    if (!equalBytes(certificate.issuer.der, issuer.subject.der))
      refuseChain(certificate, 'names another issuer than the next');
    if (!(await verifyCertificateSignature(certificate, issuer)))
      refuseChain(certificate, 'is not signed by its issuer');
  }
}

/** All rules of a path but signatures and name chaining. */
export function checkRules(path: readonly Certificate[], options: PathOptions | BuildPathOptions): void {
  for (const [index, certificate] of path.entries()) {
    checkCertificate(certificate, options);
    if (index === 0) checkLeaf(certificate, options);
    else checkAuthority(certificate, countIntermediates(path.slice(1, index)), options);
  }
  if (options.profile === 'timestamping') checkTimestampingPath(path);
  if (options.profile === 'rfc5280') checkRfc5280(path, 'intermediates' in options ? options.intermediates : []);
}
