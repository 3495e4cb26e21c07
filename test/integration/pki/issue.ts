import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { type Certificate, parseCertificate } from '@notarykit/pki';
import {
  encodeBitString,
  encodeBoolean,
  encodeContext,
  encodeContextPrimitive,
  encodeInteger,
  encodeNull,
  encodeOctetString,
  encodeOid,
  encodeSequence,
  encodeSet,
  encodeTime,
  encodeUtf8String,
} from '@notarykit/pki/internal/asn1';

type Bytes = Uint8Array<ArrayBuffer>;

/** A key pair and the name under which it issues. */
export interface Issuer {
  readonly name: Bytes;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** Each part of a certificate, as DER, so that a test can put anything in its place. */
export interface Parts {
  readonly version?: Bytes;
  readonly serial?: Bytes;
  readonly innerAlgorithm?: Bytes;
  readonly outerAlgorithm?: Bytes;
  readonly notBefore?: Bytes;
  readonly notAfter?: Bytes;
  readonly issuerName?: Bytes;
  readonly subjectPublicKeyInfo?: Bytes;
  readonly extensions?: readonly Uint8Array[];
  /** Changes the signature. */
  readonly signature?: (signature: Bytes) => Uint8Array;
}

export const ecdsaWithSha256: Bytes = encodeSequence(encodeOid('1.2.840.10045.4.3.2'));
export const rsaWithSha256: Bytes = encodeSequence(encodeOid('1.2.840.113549.1.1.11'), encodeNull());
export const version3: Bytes = encodeContext(0, encodeInteger(2));

/** A name of common name only, or of any attributes given. */
export function nameOf(commonName: string): Bytes {
  return encodeSequence(encodeSet(encodeSequence(encodeOid('2.5.4.3'), encodeUtf8String(commonName))));
}

let issuers = 0;

/** A fresh key under a name (by default one of its own). */
export function createIssuer(name: string = `Issuer ${++issuers}`, type: 'ec' | 'rsa' = 'ec'): Issuer {
  const pair =
    type === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { name: nameOf(name), ...pair };
}

export function extension(oid: string, value: Uint8Array, critical = false): Bytes {
  return encodeSequence(encodeOid(oid), ...(critical ? [encodeBoolean(true)] : []), encodeOctetString(value));
}

export function basicConstraints(ca: boolean, pathLength?: number, critical = true): Bytes {
  const length = pathLength === undefined ? [] : [encodeInteger(pathLength)];
  return extension('2.5.29.19', encodeSequence(...(ca ? [encodeBoolean(true)] : []), ...length), critical);
}

/** Key usage from its first octet, for example `0x80` for digitalSignature, `0x06` for keyCertSign and cRLSign. */
export function keyUsage(octet: number, critical = true): Bytes {
  const unusedBits = octet === 0 ? 0 : 31 - Math.clz32(octet & -octet);
  const content = octet === 0 ? encodeBitString(new Uint8Array()) : encodeBitString(Uint8Array.of(octet), unusedBits);
  return extension('2.5.29.15', content, critical);
}

export function extendedKeyUsage(...purposes: string[]): Bytes {
  return extension('2.5.29.37', encodeSequence(...purposes.map(encodeOid)));
}

export function subjectKeyIdentifier(issuer: Issuer): Bytes {
  return extension('2.5.29.14', encodeOctetString(keyIdentifier(issuer)));
}

export function authorityKeyIdentifier(issuer: Issuer): Bytes {
  return extension('2.5.29.35', encodeSequence(encodeContextPrimitive(0, keyIdentifier(issuer))));
}

function keyIdentifier({ publicKey }: Issuer): Bytes {
  return new Uint8Array(createHash('sha1').update(spkiOf(publicKey)).digest());
}

export function spkiOf(key: KeyObject): Bytes {
  return new Uint8Array(key.export({ format: 'der', type: 'spki' }));
}

export const caExtensions: readonly Uint8Array[] = [basicConstraints(true), keyUsage(0x06)];
export const leafExtensions: readonly Uint8Array[] = [keyUsage(0x80)];

let serials = 0;

/** The DER of a certificate for the subject, signed by the issuer; `parts` replaces any of it. */
export function issueDer(subject: Issuer, issuer: Issuer, parts: Parts = {}): Bytes {
  const algorithm = issuer.privateKey.asymmetricKeyType === 'ec' ? ecdsaWithSha256 : rsaWithSha256;
  const extensions = parts.extensions ?? leafExtensions;
  const tbs = encodeSequence(
    parts.version ?? version3,
    parts.serial ?? encodeInteger(++serials),
    parts.innerAlgorithm ?? algorithm,
    parts.issuerName ?? issuer.name,
    encodeSequence(
      parts.notBefore ?? encodeTime(new Date('2025-01-01T00:00:00Z')),
      parts.notAfter ?? encodeTime(new Date('2035-01-01T00:00:00Z')),
    ),
    subject.name,
    parts.subjectPublicKeyInfo ?? spkiOf(subject.publicKey),
    ...(extensions.length > 0 ? [encodeContext(3, encodeSequence(...extensions))] : []),
  );
  const signature = new Uint8Array(sign('sha256', tbs, issuer.privateKey));
  return encodeSequence(
    tbs,
    parts.outerAlgorithm ?? parts.innerAlgorithm ?? algorithm,
    encodeBitString(parts.signature?.(signature) ?? signature),
  );
}

/** As {@link issueDer}, parsed. */
export function issue(subject: Issuer, issuer: Issuer, parts: Parts = {}): Certificate {
  return parseCertificate(issueDer(subject, issuer, parts));
}

/** A self-signed authority. */
export function issueRoot(root: Issuer, parts: Parts = {}): Certificate {
  return issue(root, root, { extensions: caExtensions, ...parts });
}
