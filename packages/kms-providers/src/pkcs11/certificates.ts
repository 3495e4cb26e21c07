import { equalBytes } from '@notarykit/common/internal';
import { type Certificate, parseCertificate, verifyCertificateSignature } from '@notarykit/pki/internal';
import { CKA, CKO } from './constants.js';
import { refuse } from './errors.js';
import { findObjects, type OpenSession, readAttribute } from './objects.js';

/** X.509 certificates of the token. What is not a certificate that can be read is somebody else's, and left out. */
export function readCertificates(open: OpenSession): readonly Certificate[] {
  return findObjects(open, [{ type: CKA.CLASS, value: CKO.CERTIFICATE }]).flatMap((object) => {
    const der = readAttribute(open, object, CKA.VALUE);
    if (der === undefined) return [];
    try {
      return [parseCertificate(der)];
    } catch {
      return [];
    }
  });
}

/**
 * The chain of a key among certificates that may belong to other keys too: leaf first, as far up as there are issuers. Of
 * several that fit (renewed with the same key, or cross-signed) the one that was issued last is taken, but a self-signed
 * root before all.
 *
 * @throws {SignerError} reason `chain-mismatch` when no certificate has the key
 */
export async function chainAmong(certificates: readonly Certificate[], publicKey: Uint8Array): Promise<Certificate[]> {
  const newest = [...certificates].sort((a, b) => b.notBefore.getTime() - a.notBefore.getTime());
  const leaf = newest.find((certificate) => equalBytes(certificate.publicKey.der, publicKey));
  if (leaf === undefined) {
    throw refuse(
      'chain-mismatch',
      'no certificate on the token has the key; store its chain there or give certificateChain',
    );
  }
  const chain = [leaf];
  for (let last = leaf; !isSelfIssued(last); ) {
    const issuer = await issuerOf(last, newest, chain);
    if (issuer === undefined) break;
    chain.push(issuer);
    last = issuer;
  }
  return chain;
}

async function issuerOf(
  certificate: Certificate,
  candidates: readonly Certificate[],
  taken: readonly Certificate[],
): Promise<Certificate | undefined> {
  const named = candidates.filter(
    (candidate) =>
      equalBytes(candidate.subject.der, certificate.issuer.der) &&
      !taken.some(({ fingerprint }) => fingerprint === candidate.fingerprint),
  );
  for (const candidate of [...named.filter(isSelfIssued), ...named.filter((one) => !isSelfIssued(one))]) {
    if (await verifyCertificateSignature(certificate, candidate)) return candidate;
  }
  return undefined;
}

const isSelfIssued = ({ subject, issuer }: Certificate): boolean => equalBytes(subject.der, issuer.der);
