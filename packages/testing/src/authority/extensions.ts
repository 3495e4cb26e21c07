import { defined } from '@notarykit/common/internal';
import type { KeyUsageName } from '@notarykit/pki/internal';
import { Null } from 'asn1js';
import {
  AccessDescription,
  AltName,
  AuthorityKeyIdentifier,
  BasicConstraints,
  CRLDistributionPoints,
  DistributionPoint,
  ExtKeyUsage,
  GeneralName,
  InfoAccess,
} from 'pkijs';
import { derOf, namedBits, octetString } from './der.js';
import type { ExtensionSpec } from './extension-spec.js';

/** Dotted OIDs of the key purposes that the SDK knows (RFC 5280, 4.2.1.12). */
export const purposes = {
  any: '2.5.29.37.0',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  ocspSigning: '1.3.6.1.5.5.7.3.9',
} as const;

const keyUsageBits: readonly KeyUsageName[] = [
  'digitalSignature',
  'contentCommitment',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
];

/** Basic constraints (RFC 5280, 4.2.1.9); a CA's when `ca`. */
export function basicConstraints(options: { ca: boolean; pathLength?: number; critical?: boolean }): ExtensionSpec {
  const length = defined({ pathLenConstraint: options.pathLength });
  const constraints = new BasicConstraints({ cA: options.ca, ...length });
  return { oid: '2.5.29.19', critical: options.critical ?? true, value: derOf(constraints.toSchema()) };
}

/** Key usage (RFC 5280, 4.2.1.3), critical unless said otherwise. */
export function keyUsage(usages: readonly KeyUsageName[], critical = true): ExtensionSpec {
  const bits = namedBits(usages.map((usage) => keyUsageBits.indexOf(usage)));
  return { oid: '2.5.29.15', critical, value: derOf(bits) };
}

/** Extended key usage (RFC 5280, 4.2.1.12). */
export function extendedKeyUsage(oids: readonly string[], critical = false): ExtensionSpec {
  return { oid: '2.5.29.37', critical, value: derOf(new ExtKeyUsage({ keyPurposes: [...oids] }).toSchema()) };
}

/** OCSP responders (authority information access, RFC 5280, 4.2.2.1). */
export function ocspResponders(urls: readonly string[]): ExtensionSpec {
  const accessDescriptions = urls.map(
    (url) => new AccessDescription({ accessMethod: '1.3.6.1.5.5.7.48.1', accessLocation: uri(url) }),
  );
  return { oid: '1.3.6.1.5.5.7.1.1', critical: false, value: derOf(new InfoAccess({ accessDescriptions }).toSchema()) };
}

/** CRL distribution points, one for each URL, or for each list of URLs that lead to one CRL (RFC 5280, 4.2.1.13). */
export function crlDistributionPoints(
  points: readonly (string | readonly string[])[],
  extension = '2.5.29.31',
): ExtensionSpec {
  const names = points.map((point) => [point].flat().map(uri));
  const distributionPoints = names.map((distributionPoint) => new DistributionPoint({ distributionPoint }));
  const value = derOf(new CRLDistributionPoints({ distributionPoints }).toSchema());
  return { oid: extension, critical: false, value };
}

/** Where delta CRLs lie (RFC 5280, 4.2.1.15). */
export const freshestCrl = (urls: readonly string[]): ExtensionSpec => crlDistributionPoints(urls, '2.5.29.46');

const uri = (value: string): GeneralName => new GeneralName({ type: 6, value });

/** Host names a server's certificate is for (RFC 5280, 4.2.1.6). */
export const subjectAltName = (dnsNames: readonly string[]): ExtensionSpec => ({
  oid: '2.5.29.17',
  critical: false,
  value: derOf(new AltName({ altNames: dnsNames.map((value) => new GeneralName({ type: 2, value })) }).toSchema()),
});

/** Says that a responder's own certificate need not be checked (RFC 6960, 4.2.2.2.1). */
export const ocspNoCheck = (): ExtensionSpec => ({
  oid: '1.3.6.1.5.5.7.48.1.5',
  critical: false,
  value: derOf(new Null()),
});

export const subjectKeyIdentifier = (id: Uint8Array): ExtensionSpec => ({
  oid: '2.5.29.14',
  critical: false,
  value: derOf(octetString(id)),
});

export const authorityKeyIdentifier = (id: Uint8Array): ExtensionSpec => ({
  oid: '2.5.29.35',
  critical: false,
  value: derOf(new AuthorityKeyIdentifier({ keyIdentifier: octetString(id) }).toSchema()),
});
