import type { Fetch } from '@notarykit/common';
import {
  type Certificate,
  type CertificateStatus,
  createRevocationChecker,
  parseCertificate,
  type RevocationCheckerOptions,
  type RevocationCheckOptions,
} from '@notarykit/pki';
import {
  type Authority,
  type AuthorityServices,
  type AuthorityServicesOptions,
  createAuthority,
  createAuthorityServices,
  type Issued,
  type IssueOptions,
} from '@notarykit/testing';

/** The time of every check. */
export const now = new Date('2025-06-01T12:00:00Z');
export const days = (count: number): Date => new Date(now.getTime() + count * 86_400_000);
export const base = 'http://pki.lab.test';

/** An authority whose services answer without a socket, and a leaf that names them. */
export interface RevocationLab {
  readonly authority: Authority;
  readonly services: AuthorityServices;
  readonly leaf: Issued;
  /** Checks the leaf's chain; the answer of the leaf. */
  check(options?: Partial<RevocationCheckerOptions> & RevocationCheckOptions): Promise<CertificateStatus>;
}

export const chainOf = (issued: Issued): Certificate[] => issued.chain.map((der) => parseCertificate(der));

/** Which services the leaf names: OCSP, CRL or both. */
export async function revocationLab(
  names: 'ocsp' | 'crl' | 'both',
  leafOptions: IssueOptions = {},
  serviceOptions: AuthorityServicesOptions = {},
): Promise<RevocationLab> {
  const authority = await createAuthority({ intermediates: 0 });
  const services = createAuthorityServices(authority, { now: () => now, ...serviceOptions });
  const leaf = await authority.issueLeaf({
    ...(names === 'crl' ? {} : { ocspUrls: [services.ocspUrl(base)] }),
    ...(names === 'ocsp' ? {} : { crlUrls: [services.crlUrl(base)] }),
    ...leafOptions,
  });
  return {
    authority,
    services,
    leaf,
    async check({ now: at = now, authenticSigningTime, signal, ...options } = {}) {
      const checker = createRevocationChecker({ fetch: services.fetch, ...options });
      const given = { now: at, ...(authenticSigningTime && { authenticSigningTime }), ...(signal && { signal }) };
      return (await checker.check(chainOf(leaf), given))[0] as CertificateStatus;
    },
  };
}

/** A fetch that answers one status with one body. */
export const fixedFetch =
  (status: number, body: Uint8Array<ArrayBuffer> | string, headers: Record<string, string> = {}): Fetch =>
  async (url) =>
    Object.defineProperty(new Response(body, { status, headers }), 'url', { value: url });

/** The document with ecdsa-with-SHA256 (1.2.840.10045.4.3.2) named 1.2.840.10045.4.3.9 throughout. */
export function withUnknownAlgorithm(der: Uint8Array): Uint8Array<ArrayBuffer> {
  const known = Buffer.from('06082a8648ce3d040302', 'hex');
  const copy = Buffer.from(der);
  for (let at = copy.indexOf(known); at >= 0; at = copy.indexOf(known, at + 1)) copy[at + 9] = 9;
  return new Uint8Array(copy);
}
