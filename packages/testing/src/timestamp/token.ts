import { type Bytes, defined, hash as digestOf, type HashAlgorithm, utf8 } from '@notarykit/common/internal';
import * as asn1js from 'asn1js';
import {
  Attribute,
  Certificate,
  ContentInfo,
  EncapsulatedContentInfo,
  IssuerAndSerialNumber,
  MessageImprint,
  Accuracy as PkijsAccuracy,
  RelativeDistinguishedNames,
  SignedAndUnsignedAttributes,
  SignedData,
  SignerInfo,
  TSTInfo,
} from 'pkijs';
import type { Issued } from '../authority/authority.js';
import {
  derOf,
  encoded,
  encodedAs,
  extensionsOf,
  integer,
  octetString,
  oid,
  sequence,
  sorted,
  wholeSeconds,
  withNull,
} from '../authority/der.js';
import { engine } from '../authority/engine.js';
import type { ExtensionSpec } from '../authority/extension-spec.js';
import { signingKey } from '../authority/sign.js';
import type { SigningOptions } from '../authority/signing-options.js';
import { flipLastBit } from '../revocation/ocsp-response.js';

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
export function attribute(type: string, ...values: readonly Uint8Array[]): Bytes {
  return derOf(new Attribute({ type, values: sorted(values).map(encoded) }).toSchema());
}

/** Builds a timestamp token over a message (RFC 3161, 2.4.2). */
export async function buildTimestampToken(message: Uint8Array, options: TokenOptions): Promise<Bytes> {
  const content = tstInfo(message, options);
  const certificates = (options.certificates ?? options.signer.chain.slice(0, -1)).map((der) =>
    encodedAs(Certificate, der),
  );
  const encapContentInfo = new EncapsulatedContentInfo({ eContentType: options.contentType ?? oids.tstInfo });
  // Given to the constructor, it would be split into an indefinite length, which is not DER.
  encapContentInfo.eContent = octetString(content);
  const signedData = new SignedData({
    digestAlgorithms: [withNull(hashOids[digestHash(options)])],
    encapContentInfo,
    ...(certificates.length === 0 ? {} : { certificates }),
    signerInfos: Array.from({ length: options.signerInfos ?? 1 }, () => signerInfo(content, options)),
  });
  await sign(signedData, options);
  const schema = signedData.toSchema(true);
  // pkijs computes the version, and this one may be wrong on purpose.
  schema.valueBlock.value[0] = integer(options.signedDataVersion ?? 3);
  return derOf(new ContentInfo({ contentType: oids.signedData, content: schema }).toSchema());
}

async function sign(signedData: SignedData, options: TokenOptions): Promise<void> {
  const [key, hash] = await signingKey(options.signer.keyPair, { ...options, hash: digestHash(options) });
  for (const [index, info] of signedData.signerInfos.entries()) {
    await signedData.sign(key, index, hash, undefined, engine);
    if (options.corrupt === true) flipLastBit(info.signature.valueBlock.valueHexView);
  }
}

const hashOids: Readonly<Record<HashAlgorithm, string>> = {
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
};

const digestHash = (options: TokenOptions): HashAlgorithm => options.hash ?? 'sha256';

/** The signed content of a token (RFC 3161, 2.4.2). */
export function tstInfo(message: Uint8Array, options: TokenOptions): Bytes {
  const { accuracy = { seconds: 1 }, fraction = '', nonce, extensions, ordering } = options;
  const genTime = wholeSeconds(options.genTime ?? new Date());
  const info = new TSTInfo({
    version: options.version ?? 1,
    policy: options.policy ?? '1.2.3.4.1',
    messageImprint: imprintOf(message, options),
    serialNumber: integer(options.serialNumber ?? BigInt(Date.now())),
    genTime,
    ...(accuracy === null ? {} : { accuracy: new PkijsAccuracy(accuracy) }),
    ...defined({ ordering }),
    ...(nonce === undefined ? {} : { nonce: integer(nonce) }),
    ...(extensions === undefined ? {} : { extensions: extensionsOf(extensions) }),
  }).toSchema();
  // pkijs writes milliseconds at most, and no zero at their end.
  if (fraction !== '') info.valueBlock.value[4] = fractionOfSecond(genTime, fraction);
  return derOf(info);
}

function imprintOf(message: Uint8Array, { imprint, imprintHash = 'sha256' }: TokenOptions): MessageImprint {
  if (imprint !== undefined) return encodedAs(MessageImprint, imprint);
  const hashedMessage = octetString(digestOf(imprintHash, message));
  return new MessageImprint({ hashAlgorithm: withNull(hashOids[imprintHash]), hashedMessage });
}

function fractionOfSecond(date: Date, digits: string): asn1js.BaseBlock {
  const seconds = date.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '');
  const valueHex = utf8(`${seconds}.${digits}Z`).buffer;
  return new asn1js.Primitive({ idBlock: { tagClass: 1, tagNumber: 24 }, valueHex });
}

function signerInfo(content: Bytes, options: TokenOptions): SignerInfo {
  const { signer } = options;
  const attributes = sorted(signedAttributes(content, options)).map((der) => encodedAs(Attribute, der));
  return new SignerInfo({
    version: 1,
    sid: new IssuerAndSerialNumber({
      issuer: encodedAs(RelativeDistinguishedNames, signer.issuerDer),
      serialNumber: integer(signer.serialNumber),
    }),
    ...(attributes.length === 0 ? {} : { signedAttrs: new SignedAndUnsignedAttributes({ type: 0, attributes }) }),
  });
}

function signedAttributes(content: Bytes, options: TokenOptions): readonly Bytes[] {
  const defaults = [
    attribute(oids.contentType, derOf(oid(options.contentType ?? oids.tstInfo))),
    attribute(oids.messageDigest, derOf(octetString(digestOf(digestHash(options), content)))),
    attribute(oids.signingTime, derOf(new asn1js.UTCTime({ valueDate: options.genTime ?? new Date() }))),
    ...signingCertificateAttribute(options),
  ];
  return options.signedAttributes?.(defaults) ?? defaults;
}

/** Names the certificate that signed (RFC 5035, 3), so that no other can take its place. pkijs has no class for it. */
function signingCertificateAttribute(options: TokenOptions): Bytes[] {
  const { signingCertificateAttribute: kind = 'v2', issuerSerial } = options;
  if (kind === 'none') return [];
  const certificate = (options.signingCertificate ?? options.signer.certificate) as Bytes;
  // V1 carries SHA-1, but no reader gets that far: the attribute itself is refused.
  const certHash = octetString(digestOf('sha256', certificate).slice(0, kind === 'v1' ? 20 : 32));
  const id = sequence(certHash, ...(issuerSerial === undefined ? [] : [encoded(issuerSerial)]));
  const type = kind === 'v1' ? oids.signingCertificate : oids.signingCertificateV2;
  return [attribute(type, derOf(sequence(sequence(id))))];
}
