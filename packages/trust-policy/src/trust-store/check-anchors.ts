import { defined, equalBytes, type Logger, quote } from '@notarykit/common/internal';
import { type Certificate, formatName, uncheckableOf, verifyCertificateSignature } from '@notarykit/pki/internal/core';
import { unreadableOf } from '@notarykit/signature-envelope/internal';
import { TrustError } from '../errors.js';
import { isTrustStoreName, isTrustStoreType, type TrustStoreType } from '../trust-store.js';

/** Most certificates of one store. */
export const maxCertificates = 1000;

/** Refuses a trust store: names the store, the file and the rule. */
export function refuseStore(store: string, message: string, file?: string, cause?: unknown): TrustError {
  const where = file === undefined ? '' : `, ${quote(file)}`;
  return new TrustError('ERR_TRUST_STORE', `trust store ${quote(store)}${where}: ${message}`, {
    ...defined({ cause }),
    detail: { store, ...defined({ file }) },
  });
}

/** @throws {TrustError} `ERR_TRUST_STORE` unless type and name can be those of a store */
export function checkStoreName(type: string, name: string): asserts type is TrustStoreType {
  if (!isTrustStoreType(type)) throw refuseStore(`${type}:${name}`, 'expected type ca, signingAuthority or tsa');
  if (!isTrustStoreName(name))
    throw refuseStore(`${type}:${name}`, 'expected a name of letters, digits and "_.-", not dots alone');
}

/** What is done with certificates of a store that cannot be used. */
export interface AnchorOptions {
  /**
   * A certificate that would have to be self-signed, by an algorithm or a kind of key that is never checked (SHA-1, P-224 …). `refuse`
   * (the default) refuses its whole store, and says why; `setAside` goes on as if it were not there. Whatever else is wrong refuses the
   * store in any case, and so does a store of which nothing is left.
   */
  readonly unusableCertificates?: 'refuse' | 'setAside';
  /** Is warned of each certificate that is set aside. */
  readonly logger?: Logger;
}

/**
 * The rules for certificates of a store (trust-store-trust-policy.md, "Trust Store"): a CA or self-signed; of a `tsa`
 * store, a root CA that issued itself. Gives those that may be used: all of them, but for what was set aside.
 *
 * @throws {TrustError} `ERR_TRUST_STORE`
 */
export async function checkAnchors(
  type: TrustStoreType,
  name: string,
  certificates: readonly Certificate[],
  { file, unusableCertificates, logger }: AnchorOptions & { readonly file?: string } = {},
): Promise<readonly Certificate[]> {
  const store = `${type}:${name}`;
  checkCount(store, certificates, file);
  const usable: Certificate[] = [];
  for (const certificate of certificates) {
    const problem = await problemOf(type, certificate);
    if (problem === undefined) {
      usable.push(certificate);
      continue;
    }
    const message = `certificate ${quote(formatName(certificate.subject))} ${problem.reason}`;
    if (!problem.isUnusable || unusableCertificates !== 'setAside') throw refuseStore(store, message, file);
    logger?.warn?.('a certificate of a trust store was set aside', {
      store,
      ...defined({ file }),
      message,
    });
  }
  return usable;
}

/** @throws {TrustError} `ERR_TRUST_STORE` for none, and for more than are read */
export function checkCount(store: string, certificates: readonly Certificate[], file?: string): void {
  if (certificates.length === 0) throw refuseStore(store, 'it holds no certificate', file);
  if (certificates.length > maxCertificates)
    throw refuseStore(store, `expected at most ${maxCertificates} certificates, found ${certificates.length}`, file);
}

interface Problem {
  readonly reason: string;
  /** Nothing of it is checked, whatever its signature is. */
  readonly isUnusable: boolean;
}

async function problemOf(type: TrustStoreType, certificate: Certificate): Promise<Problem | undefined> {
  const unreadable = unreadableOf(certificate);
  if (unreadable !== undefined) return { reason: unreadable, isUnusable: false };
  const ca = certificate.basicConstraints?.ca === true;
  const selfSigned = async (): Promise<boolean> => verifyCertificateSignature(certificate, certificate);
  const named = equalBytes(certificate.issuer.der, certificate.subject.der);
  const reason = (problem: string): Problem => {
    const uncheckable = named ? uncheckableOf(certificate, certificate) : undefined;
    return { reason: uncheckable ?? problem, isUnusable: uncheckable !== undefined };
  };
  if (type !== 'tsa')
    return ca || (await selfSigned()) ? undefined : reason('is neither a CA certificate nor self-signed');
  const mayIssue = ca && (certificate.keyUsage === undefined || certificate.keyUsage.usages.has('keyCertSign'));
  return named && mayIssue && (await selfSigned()) ? undefined : reason('is not a root CA certificate');
}
