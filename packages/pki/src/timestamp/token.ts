import { type Bytes, digestBytes, equalBytes, type HashAlgorithm } from '@notarykit/common/internal';
import { contentOf, DerReader, decodeOid, decodeTime, readDerDocument, Tag } from '../asn1/index.js';
import { buildPath, parseCertificate } from '../core.js';
import type { SignatureParameters } from '../crypto/platform.js';
import { signatureParametersOf } from '../crypto/signature-algorithm.js';
import { verifyWith } from '../crypto/verify-raw.js';
import { PkiError } from '../errors.js';
import type { Certificate } from '../x509/certificate.js';
import { parseSignedData, type SignedData, type SignerInfo } from './cms.js';
import { refuse } from './refuse.js';
import { findSigningCertificate } from './signing-certificate.js';
import { hashOfOid, parseTstInfo, type TstInfo } from './tst-info.js';

/** What a token is checked against. */
export interface VerifyTimestampOptions {
  /** What was stamped; for signatures, the primitive signature bytes. */
  readonly message: Uint8Array;
  /** Trusted certificates of timestamping authorities. */
  readonly roots: readonly Certificate[];
  /** The hash that the imprint must be by. Default: SHA-256, SHA-384 or SHA-512. */
  readonly hash?: HashAlgorithm;
  /** When the authority's certificates must be valid: default the stamped time; now, when a token has just been received. */
  readonly at?: Date;
  /** The most bytes. Default 256 KiB. */
  readonly maxBytes?: number;
}

/** A timestamp that holds: that the message existed, some time between `earliest` and `latest`. */
export interface VerifiedTimestamp {
  readonly time: Date;
  readonly earliest: Date;
  readonly latest: Date;
  readonly hash: HashAlgorithm;
  /** OID of the authority's policy. */
  readonly policy: string;
  /** Certificates of the authority, leaf first, trusted root last. Their revocation is still to be checked. */
  readonly certificateChain: readonly Certificate[];
}

/** Default limit of a token, bytes. */
export const mostTokenBytes: number = 256 * 1024;

const oids = {
  tstInfo: '1.2.840.113549.1.9.16.1.4',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  rsaEncryption: '1.2.840.113549.1.1.1',
} as const;

/** A timestamp token that was parsed strictly; nothing about it is verified yet. */
export interface TimestampToken {
  readonly info: TstInfo;
  readonly certificates: readonly Certificate[];
  readonly signedData: SignedData;
}

/**
 * Parses a timestamp token (RFC 3161, 2.4.2), a CMS ContentInfo in BER or DER.
 *
 * @throws {PkiError} `ERR_PKI_ASN1`, `ERR_PKI_CERTIFICATE`, `ERR_PKI_TIMESTAMP`, `ERR_PKI_LIMIT`
 */
export function parseTimestampToken(token: Uint8Array, options: { readonly maxBytes?: number } = {}): TimestampToken {
  const { maxBytes = mostTokenBytes } = options;
  if (token.length > maxBytes) {
    throw new PkiError('ERR_PKI_LIMIT', `expected a token of at most ${maxBytes} bytes, found ${token.length}`);
  }
  const signedData = parseSignedData(token);
  if (signedData.contentType !== oids.tstInfo) refuse(`a timestamp, found content of type ${signedData.contentType}`);
  const certificates = signedData.certificates.map((der) => parseCertificate(der));
  return { info: parseTstInfo(signedData.content), certificates, signedData };
}

/**
 * Verifies a timestamp token over a message (RFC 3161, 2.4.2; RFC 5035; signature-specification.md, "Timestamp Signature"): the
 * imprint, exactly one signer, the certificate that it names and that certificate's purpose, its path to a trusted root at the
 * stamped time, and the signature.
 *
 * @throws {PkiError} `ERR_PKI_TIMESTAMP`, `ERR_PKI_CHAIN` no path to a root, `ERR_PKI_ASN1`, `ERR_PKI_CERTIFICATE`, `ERR_PKI_LIMIT`
 *
 * @example
 * ```ts
 * const { time, earliest, latest } = await verifyTimestampToken(token, { message: signature, roots });
 * ```
 */
export async function verifyTimestampToken(
  token: Uint8Array,
  options: VerifyTimestampOptions,
): Promise<VerifiedTimestamp> {
  const { info, certificates, signedData } = parseTimestampToken(token, options);
  await checkImprint(info, options);
  const signer = onlySigner(signedData);
  const certificate = await findSigningCertificate(signer, certificates);
  checkPurpose(certificate);
  await checkAttributes(signer, signedData);
  await checkSignature(signer, certificate);
  const certificateChain = await buildPath(certificate, {
    anchors: options.roots,
    intermediates: certificates,
    extendedKeyUsage: oids.timeStamping,
    profile: 'timestamping',
    at: options.at ?? info.time,
    // Roots of real authorities are older than that rule.
    requireCriticalBasicConstraints: false,
  });
  checkSigningTime(signer, certificateChain);
  const { time, earliest, latest, hash, policy } = info;
  return { time, earliest, latest, hash, policy, certificateChain };
}

/** Checks that a timestamp is over a message. @throws {PkiError} `ERR_PKI_TIMESTAMP` */
export async function checkImprint(
  info: TstInfo,
  { message, hash }: { readonly message: Uint8Array; readonly hash?: HashAlgorithm },
): Promise<void> {
  if (hash !== undefined && info.hash !== hash) refuse(`an imprint by ${hash}, found one by ${info.hash}`);
  if (!equalBytes(info.hashedMessage, await digestBytes(info.hash, message)))
    refuse('the imprint of the message, found another');
}

function onlySigner({ signerInfos }: SignedData): SignerInfo {
  const [only, ...more] = signerInfos;
  if (only === undefined || more.length > 0) refuse(`exactly one signer, found ${signerInfos.length}`);
  return only;
}

function checkPurpose({ extendedKeyUsage, basicConstraints, keyUsage }: Certificate): void {
  const { critical = false, purposes = [] } = extendedKeyUsage ?? {};
  if (!critical || purposes.length !== 1 || purposes[0] !== oids.timeStamping) {
    refuse('a signer for timestamping and nothing else, marked critical, found another purpose');
  }
  if (basicConstraints?.ca === true) refuse('an end entity as signer, found a CA');
  if (keyUsage?.usages.has('digitalSignature') === false) refuse('a signer that may sign, found another usage');
}

async function checkAttributes(
  { signedAttributes, digestAlgorithm }: SignerInfo,
  { content }: SignedData,
): Promise<void> {
  const contentType = signedAttributes.get(oids.contentType);
  if (contentType === undefined || readOid(contentType) !== oids.tstInfo) refuse('a signed content type of timestamps');
  const messageDigest = signedAttributes.get(oids.messageDigest);
  if (messageDigest === undefined) refuse('a signed message digest, found none');
  const hash =
    hashOfOid(digestAlgorithm) ?? refuse(`a digest by SHA-256, SHA-384 or SHA-512, found ${digestAlgorithm}`);
  const signed = contentOf(only(messageDigest).element(Tag.octetString, 'a message digest'));
  if (!equalBytes(signed, await digestBytes(hash, content))) refuse('the digest of the timestamp, found another');
}

async function checkSignature(signer: SignerInfo, { publicKey }: Certificate): Promise<void> {
  const parameters = parametersOf(signer);
  const isValid = await verifyWith(publicKey, parameters, signer.signedBytes, signer.signature, 'der').catch(
    keyProblem,
  );
  if (!isValid) refuse('a signature of the certificate that the token names, found another');
}

function keyProblem(cause: unknown): never {
  throw new PkiError('ERR_PKI_TIMESTAMP', 'expected a key that fits the signature, found another', { cause });
}

/** CMS also says `rsaEncryption`, and the digest algorithm tells the hash (RFC 3370, 3.2). */
function parametersOf({ signatureAlgorithmDer, digestAlgorithm }: SignerInfo): SignatureParameters {
  const oid = decodeOid(
    readDerDocument(signatureAlgorithmDer, Tag.sequence, 'an algorithm').element(Tag.oid, 'an algorithm'),
  );
  const hash = hashOfOid(digestAlgorithm);
  if (oid === oids.rsaEncryption && hash !== undefined) return { scheme: 'rsassa-pkcs1', hash };
  return signatureParametersOf(signatureAlgorithmDer) ?? refuse(`an allowed signature algorithm, found ${oid}`);
}

function checkSigningTime({ signedAttributes }: SignerInfo, chain: readonly Certificate[]): void {
  const attribute = signedAttributes.get(oids.signingTime);
  if (attribute === undefined) return;
  const time = decodeTime(new DerReader(attribute).any());
  const isCovered = chain.every(({ notBefore, notAfter }) => time >= notBefore && time <= notAfter);
  if (!isCovered) refuse('a signing time within the validity of the authority, found another');
}

function only(attribute: Bytes): DerReader {
  return new DerReader(attribute);
}

function readOid(attribute: Bytes): string {
  return decodeOid(only(attribute).element(Tag.oid, 'a content type'));
}
