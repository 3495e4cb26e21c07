import { type Bytes, hash as digestOf, type HashAlgorithm, utf8 } from '@notarykit/common';
import type { Issued } from '../authority/authority.js';
import {
  boolean,
  context,
  contextPrimitive,
  element,
  generalizedTime,
  integer,
  octetString,
  oid,
  sequence,
  setOf,
} from '../authority/der.js';
import { type ExtensionSpec, encodeExtensions } from '../authority/extensions.js';
import { hashIdentifier, type SigningOptions, signatureIdentifier, signDer } from '../authority/sign.js';

/** Parts of a second, or whole seconds, by which a timestamp may be off (RFC 3161, 2.4.2). */
export interface Accuracy {
  readonly seconds?: number;
  readonly millis?: number;
  readonly micros?: number;
}

/** What a timestamp token says, and every way in which it can be wrong. */
export interface TokenOptions extends SigningOptions {
  /** Whose certificate and key sign; chain and all. */
  readonly signer: Issued;
  /** Default now. */
  readonly genTime?: Date;
  /** Digits of a fraction of a second. */
  readonly fraction?: string;
  /** Default one second; `null` leaves it out. */
  readonly accuracy?: Accuracy | null;
  readonly ordering?: boolean;
  readonly extensions?: readonly ExtensionSpec[];
  readonly nonce?: bigint;
  /** Dotted. Default `1.2.3.4.1`. */
  readonly policy?: string;
  readonly serialNumber?: bigint;
  /** Version of the TSTInfo. Default 1. */
  readonly version?: number;
  /** Hash of the imprint. Default `sha256`. */
  readonly imprintHash?: HashAlgorithm;
  /** DER of the imprint, whatever the message. */
  readonly imprint?: Bytes;
  /** DER of certificates in the token. Default the signer's chain without its root. */
  readonly certificates?: readonly Uint8Array[];
  /** Signed attributes, by change of the usual three. */
  readonly signedAttributes?: (defaults: readonly Bytes[]) => readonly Bytes[];
  /** Which certificate the token says has signed. Default the signer's own. */
  readonly signingCertificate?: Uint8Array;
  /** Attribute by which it says so. Default `v2`. */
  readonly signingCertificateAttribute?: 'v2' | 'v1' | 'none';
  /** DER of an IssuerSerial in that attribute. */
  readonly issuerSerial?: Bytes;
  /** eContentType. Default id-ct-TSTInfo. */
  readonly contentType?: string;
  /** Version of the SignedData. Default 3. */
  readonly signedDataVersion?: number;
  /** How many signer infos. Default 1. */
  readonly signerInfos?: number;
  /** Flips a bit of the signature. */
  readonly corrupt?: boolean;
}

const oids = {
  signedData: '1.2.840.113549.1.7.2',
  tstInfo: '1.2.840.113549.1.9.16.1.4',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
} as const;

/** An attribute of a signer info. */
export const attribute = (type: string, ...values: readonly Uint8Array[]): Bytes =>
  sequence(oid(type), setOf(...values));

/** Builds a timestamp token over a message (RFC 3161, 2.4.2). */
export async function buildTimestampToken(message: Uint8Array, options: TokenOptions): Promise<Bytes> {
  const { signer } = options;
  const content = tstInfo(message, options);
  const infos = Array.from({ length: options.signerInfos ?? 1 }, () => signerInfo(content, options));
  const certificates = options.certificates ?? signer.chain.slice(0, -1);
  const signedData = sequence(
    integer(options.signedDataVersion ?? 3),
    setOf(hashIdentifier(digestHash(options))),
    sequence(oid(options.contentType ?? oids.tstInfo), context(0, octetString(content))),
    ...(certificates.length === 0 ? [] : [context(0, ...certificates)]),
    setOf(...(await Promise.all(infos))),
  );
  return sequence(oid(oids.signedData), context(0, signedData));
}

const digestHash = (options: TokenOptions): HashAlgorithm => options.hash ?? 'sha256';

/** The signed content of a token (RFC 3161, 2.4.2). */
export function tstInfo(message: Uint8Array, options: TokenOptions): Bytes {
  const { imprintHash = 'sha256', accuracy = { seconds: 1 } } = options;
  const imprint = options.imprint ?? sequence(hashIdentifier(imprintHash), octetString(digestOf(imprintHash, message)));
  return sequence(
    integer(options.version ?? 1),
    oid(options.policy ?? '1.2.3.4.1'),
    imprint,
    integer(options.serialNumber ?? BigInt(Date.now())),
    generalizedTime(options.genTime ?? new Date(), options.fraction),
    ...(accuracy === null ? [] : [accuracyOf(accuracy)]),
    ...(options.ordering === undefined ? [] : [boolean(options.ordering)]),
    ...(options.nonce === undefined ? [] : [integer(options.nonce)]),
    ...(options.extensions === undefined ? [] : [extensionsField(options.extensions)]),
  );
}

/** `[1] IMPLICIT Extensions`. */
function extensionsField(list: readonly ExtensionSpec[]): Bytes {
  const encoded = encodeExtensions(list);
  return context(1, encoded.subarray(headerOf(encoded)));
}

function accuracyOf({ seconds, millis, micros }: Accuracy): Bytes {
  const content = (value: number): Bytes => integer(value).slice(2) as Bytes;
  return sequence(
    ...(seconds === undefined ? [] : [integer(seconds)]),
    ...(millis === undefined ? [] : [contextPrimitive(0, content(millis))]),
    ...(micros === undefined ? [] : [contextPrimitive(1, content(micros))]),
  );
}

async function signerInfo(content: Bytes, options: TokenOptions): Promise<Bytes> {
  const { signer } = options;
  const attributes = signedAttributes(content, options);
  const signing = { ...options, hash: digestHash(options) };
  const signature = await signDer(signer.keyPair, setOf(...attributes), signing);
  if (options.corrupt === true) signature[signature.length - 1] = (signature[signature.length - 1] as number) ^ 1;
  const identifiers = sequence(signer.issuerDer, integer(signer.serialNumber));
  const signedPart = element(0xa0, setOf(...attributes).slice(headerOf(setOf(...attributes))));
  return sequence(
    integer(1),
    identifiers,
    hashIdentifier(digestHash(options)),
    ...(attributes.length === 0 ? [] : [signedPart]),
    signatureIdentifier(signer.keyPair, signing),
    octetString(signature),
  );
}

function headerOf(der: Bytes): number {
  const first = der[1] as number;
  return first < 0x80 ? 2 : 2 + (first & 0x7f);
}

function signedAttributes(content: Bytes, options: TokenOptions): readonly Bytes[] {
  const defaults = [
    attribute(oids.contentType, oid(options.contentType ?? oids.tstInfo)),
    attribute(oids.messageDigest, octetString(digestOf(digestHash(options), content))),
    attribute(oids.signingTime, element(0x17, utf8(utcTime(options.genTime ?? new Date())))),
    ...signingCertificateAttribute(options),
  ];
  return options.signedAttributes?.(defaults) ?? defaults;
}

function utcTime(date: Date): string {
  return `${date.toISOString().slice(2, 19).replaceAll(/[-:T]/g, '')}Z`;
}

/** Names the certificate that signed (RFC 5035, 3), so that no other can take its place. */
function signingCertificateAttribute(options: TokenOptions): Bytes[] {
  const { signingCertificateAttribute: kind = 'v2', issuerSerial } = options;
  if (kind === 'none') return [];
  const certificate = (options.signingCertificate ?? options.signer.certificate) as Bytes;
  // V1 carries SHA-1, but no reader gets that far: the attribute itself is refused.
  const certHash = digestOf('sha256', certificate).slice(0, kind === 'v1' ? 20 : 32);
  const id = sequence(octetString(certHash), ...(issuerSerial === undefined ? [] : [issuerSerial]));
  return [attribute(kind === 'v1' ? oids.signingCertificate : oids.signingCertificateV2, sequence(sequence(id)))];
}
