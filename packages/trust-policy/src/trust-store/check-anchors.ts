import { equalBytes, quote } from '@notarykit/common';
import { type Certificate, formatName, uncheckableOf, verifyCertificateSignature } from '@notarykit/pki';
import { unreadableOf } from '@notarykit/signature-envelope';
import { TrustError } from '../errors.js';
import { isTrustStoreName, isTrustStoreType, type TrustStoreType } from '../trust-store.js';

/** Most certificates of one store. */
export const maxCertificates = 1000;

/** Refuses a trust store: names the store, the file and the rule. */
export function refuseStore(store: string, message: string, file?: string, cause?: unknown): TrustError {
  const where = file === undefined ? '' : `, ${quote(file)}`;
  return new TrustError('ERR_TRUST_STORE', `trust store ${quote(store)}${where}: ${message}`, {
    ...(cause === undefined ? {} : { cause }),
    detail: { store, ...(file === undefined ? {} : { file }) },
  });
}

/** @throws {TrustError} `ERR_TRUST_STORE` unless type and name can be those of a store */
export function checkStoreName(type: string, name: string): asserts type is TrustStoreType {
  if (!isTrustStoreType(type)) throw refuseStore(`${type}:${name}`, 'expected type ca, signingAuthority or tsa');
  if (!isTrustStoreName(name))
    throw refuseStore(`${type}:${name}`, 'expected a name of letters, digits and "_.-", not dots alone');
}

/**
 * The rules for certificates of a store (trust-store-trust-policy.md, "Trust Store"): a CA or self-signed; of a `tsa`
 * store, a root CA that issued itself.
 *
 * @throws {TrustError} `ERR_TRUST_STORE`
 */
export async function checkAnchors(
  type: TrustStoreType,
  name: string,
  certificates: readonly Certificate[],
  file?: string,
): Promise<void> {
  const store = `${type}:${name}`;
  if (certificates.length === 0) throw refuseStore(store, 'it holds no certificate', file);
  if (certificates.length > maxCertificates)
    throw refuseStore(store, `expected at most ${maxCertificates} certificates, found ${certificates.length}`, file);
  for (const certificate of certificates) {
    const problem = await problemOf(type, certificate);
    if (problem !== undefined)
      throw refuseStore(store, `certificate ${quote(formatName(certificate.subject))} ${problem}`, file);
  }
}

async function problemOf(type: TrustStoreType, certificate: Certificate): Promise<string | undefined> {
  const unreadable = unreadableOf(certificate);
  if (unreadable !== undefined) return unreadable;
  const ca = certificate.basicConstraints?.ca === true;
  const selfSigned = async (): Promise<boolean> => verifyCertificateSignature(certificate, certificate);
  const named = equalBytes(certificate.issuer.der, certificate.subject.der);
  const reason = (problem: string): string => (named ? uncheckableOf(certificate, certificate) : undefined) ?? problem;
  if (type !== 'tsa')
    return ca || (await selfSigned()) ? undefined : reason('is neither a CA certificate nor self-signed');
  const mayIssue = ca && (certificate.keyUsage === undefined || certificate.keyUsage.usages.has('keyCertSign'));
  return named && mayIssue && (await selfSigned()) ? undefined : reason('is not a root CA certificate');
}
