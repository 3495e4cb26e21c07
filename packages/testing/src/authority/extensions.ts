import { type Bytes, utf8 } from '@notarykit/common';
import type { KeyUsageName } from '@notarykit/pki';
import { bitString, boolean, context, contextPrimitive, element, integer, octetString, oid, sequence } from './der.js';

/** An extension to write. */
export interface ExtensionSpec {
  /** Dotted. */
  readonly oid: string;
  readonly critical: boolean;
  /** DER of the value, without the OCTET STRING around it. */
  readonly value: Uint8Array;
}

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
  const pathLength = options.pathLength === undefined ? [] : [integer(options.pathLength)];
  const value = sequence(...(options.ca ? [boolean(true)] : []), ...pathLength);
  return { oid: '2.5.29.19', critical: options.critical ?? true, value };
}

/** Key usage (RFC 5280, 4.2.1.3), critical unless said otherwise. */
export function keyUsage(usages: readonly KeyUsageName[], critical = true): ExtensionSpec {
  return { oid: '2.5.29.15', critical, value: namedBits(usages.map((usage) => keyUsageBits.indexOf(usage))) };
}

/** A BIT STRING of named bits: trailing zero bits are left out (X.690, 11.2.2). */
export function namedBits(bits: readonly number[]): Bytes {
  const highest = Math.max(-1, ...bits);
  const bytes = new Uint8Array(Math.ceil((highest + 1) / 8));
  for (const bit of bits) bytes[bit >> 3] = (bytes[bit >> 3] as number) | (0x80 >> (bit & 7));
  return bitString(bytes, (8 - ((highest + 1) % 8)) % 8);
}

/** Extended key usage (RFC 5280, 4.2.1.12). */
export function extendedKeyUsage(oids: readonly string[], critical = false): ExtensionSpec {
  return { oid: '2.5.29.37', critical, value: sequence(...oids.map(oid)) };
}

/** OCSP responders (authority information access, RFC 5280, 4.2.2.1). */
export function ocspResponders(urls: readonly string[]): ExtensionSpec {
  const value = sequence(...urls.map((url) => sequence(oid('1.3.6.1.5.5.7.48.1'), uri(url))));
  return { oid: '1.3.6.1.5.5.7.1.1', critical: false, value };
}

/** CRL distribution points, one for each URL, or for each list of URLs that lead to one CRL (RFC 5280, 4.2.1.13). */
export function crlDistributionPoints(
  points: readonly (string | readonly string[])[],
  extension = '2.5.29.31',
): ExtensionSpec {
  const names = points.map((point) => [point].flat().map(uri));
  const value = sequence(...names.map((point) => sequence(context(0, context(0, ...point)))));
  return { oid: extension, critical: false, value };
}

/** Where delta CRLs lie (RFC 5280, 4.2.1.15). */
export const freshestCrl = (urls: readonly string[]): ExtensionSpec => crlDistributionPoints(urls, '2.5.29.46');

/** A URI as a GeneralName. */
export const uri = (url: string): Bytes => contextPrimitive(6, utf8(url));

/** Host names a server's certificate is for (RFC 5280, 4.2.1.6). */
export const subjectAltName = (dnsNames: readonly string[]): ExtensionSpec => ({
  oid: '2.5.29.17',
  critical: false,
  value: sequence(...dnsNames.map((name) => contextPrimitive(2, utf8(name)))),
});

/** Says that a responder's own certificate need not be checked (RFC 6960, 4.2.2.2.1). */
export const ocspNoCheck = (): ExtensionSpec => ({
  oid: '1.3.6.1.5.5.7.48.1.5',
  critical: false,
  value: element(0x05),
});

export const subjectKeyIdentifier = (id: Uint8Array): ExtensionSpec => ({
  oid: '2.5.29.14',
  critical: false,
  value: octetString(id),
});

export const authorityKeyIdentifier = (id: Uint8Array): ExtensionSpec => ({
  oid: '2.5.29.35',
  critical: false,
  value: sequence(contextPrimitive(0, id)),
});

/** The DER of a list of extensions. */
export function encodeExtensions(list: readonly ExtensionSpec[]): Bytes {
  return sequence(
    ...list.map((one) => sequence(oid(one.oid), ...(one.critical ? [boolean(true)] : []), octetString(one.value))),
  );
}
