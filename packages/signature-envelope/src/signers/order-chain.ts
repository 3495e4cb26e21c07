import { equalBytes } from '@notarykit/common/internal';
import { type Certificate, formatName, verifyCertificateSignature } from '@notarykit/pki/internal/core';
import { SignerError } from '../errors.js';

/**
 * Puts certificates into the order of an envelope: the one whose key is `publicKey` first, then issuer by issuer up to the
 * self-signed root. A certificate that appears twice counts once.
 *
 * @param publicKey SubjectPublicKeyInfo of the signing key, DER
 * @throws {SignerError} reason `chain-mismatch` when no certificate has the key, or some belong to no place in the chain
 */
export async function orderChain(
  certificates: readonly Certificate[],
  publicKey: Uint8Array,
): Promise<readonly Certificate[]> {
  const left = new Map(certificates.map((certificate) => [certificate.fingerprint, certificate]));
  const leaf = certificates.find((certificate) => equalBytes(certificate.publicKey.der, publicKey));
  if (leaf === undefined) throw noLeaf(certificates);
  const chain: Certificate[] = [];
  for (let next: Certificate | undefined = leaf; next !== undefined; next = await issuerOf(next, left)) {
    chain.push(next);
    left.delete(next.fingerprint);
  }
  const [leftover] = left.values();
  if (leftover !== undefined) throw noPlace(leftover, chain.at(-1) as Certificate);
  return chain;
}

/** Where the chain has not come to a root, the certificate that is left over is not the one to blame. */
function noPlace(leftover: Certificate, last: Certificate): SignerError {
  const left = `certificate "${formatName(leftover.subject)}" has no place in the chain`;
  if (equalBytes(last.subject.der, last.issuer.der)) return mismatch(`${left}; leave it out`);
  const missing = `the issuer of "${formatName(last.subject)}" is missing: add the certificate of "${formatName(last.issuer)}"`;
  return mismatch(`${missing} (${left} without it)`);
}

function noLeaf([first]: readonly Certificate[]): SignerError {
  const found = first === undefined ? 'none' : `"${formatName(first.subject)}" first`;
  return mismatch(`none of the certificates has the signing key; expected that of the key, found ${found}`);
}

async function issuerOf(
  certificate: Certificate,
  candidates: ReadonlyMap<string, Certificate>,
): Promise<Certificate | undefined> {
  for (const candidate of candidates.values()) {
    if (
      equalBytes(candidate.subject.der, certificate.issuer.der) &&
      (await verifyCertificateSignature(certificate, candidate))
    )
      return candidate;
  }
  return undefined;
}

function mismatch(message: string): SignerError {
  return new SignerError(message, { reason: 'chain-mismatch' });
}
