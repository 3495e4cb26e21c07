import { type Authority, extendedKeyUsage, type Issued, keyUsage, purposes, subjectAltName } from '@notarykit/testing';

/** Issues a certificate for TLS to the bearer of these DNS names, by default a server. */
export function issueTlsCertificate(
  authority: Authority,
  names: readonly string[],
  purpose: 'serverAuth' | 'clientAuth' = 'serverAuth',
): Promise<Issued> {
  return authority.issueLeaf({
    extensions: () => [keyUsage(['digitalSignature']), extendedKeyUsage([purposes[purpose]]), subjectAltName(names)],
  });
}
