import { defined, digestBytes, equalBytes, formatTime, isCodedError, RuntimeError } from '@notarykit/common/internal';
import { type Certificate, formatName } from '@notarykit/pki/internal/core';
import { signedNames } from './attributes.js';
import type { AttributeValue, SignedAttributes, UnverifiedEnvelope, VerifiedEnvelope } from './envelope.js';
import { envelopeMediaTypes } from './envelope.js';
import { EnvelopeError } from './errors.js';
import { decodePayload } from './payload.js';
import { loadTokenReader } from './token-reader.js';

/** A certificate as `notation inspect` shows it. */
export interface InspectedCertificate {
  readonly SHA256Fingerprint: string;
  readonly issuedTo: string;
  readonly issuedBy: string;
  readonly expiry: string;
}

/** What `notation inspect --output json` shows of one signature, without the digest of its manifest. */
export interface EnvelopeInspection {
  readonly signatureAlgorithm: string;
  readonly signatureEnvelopeType: string;
  readonly signedAttributes: Readonly<Record<string, string>>;
  readonly userDefinedAttributes: Readonly<Record<string, string>> | null;
  readonly unsignedAttributes: Readonly<Record<string, string | InspectedTimestamp>>;
  readonly certificates: readonly InspectedCertificate[];
  readonly signedArtifact: { readonly mediaType: string; readonly digest: string; readonly size: number };
}

/** The countersignature: when it says the signature existed, and by whom; or why it cannot be read. */
export type InspectedTimestamp =
  | { readonly timestamp: string; readonly certificates: readonly InspectedCertificate[] }
  | { readonly error: string };

/**
 * Facts of an envelope for people, equal in content to `notation inspect --output json`. Of an envelope that was not verified
 * these are claims: show them, decide nothing by them.
 *
 * @throws {EnvelopeError} `ERR_ENVELOPE_MALFORMED`; `ERR_ENVELOPE_TIME` when the reader of timestamps cannot be loaded
 */
export async function inspectEnvelope(envelope: UnverifiedEnvelope | VerifiedEnvelope): Promise<EnvelopeInspection> {
  const { mediaType, digest, size, annotations } = decodePayload(envelope.payload);
  return {
    signatureAlgorithm: envelope.algorithm.plugin,
    signatureEnvelopeType: envelopeMediaTypes[envelope.format],
    signedAttributes: inspectSigned(envelope.signedAttributes),
    userDefinedAttributes: annotations ?? null,
    unsignedAttributes: await inspectUnsigned(envelope),
    certificates: envelope.certificateChain.map(inspectCertificate),
    signedArtifact: { mediaType, digest, size },
  };
}

/** A certificate as `notation inspect` shows it. */
function inspectCertificate(certificate: Certificate): InspectedCertificate {
  return {
    SHA256Fingerprint: certificate.fingerprint,
    issuedTo: formatName(certificate.subject),
    issuedBy: formatName(certificate.issuer),
    expiry: formatTime(certificate.notAfter),
  };
}

function inspectSigned(attributes: SignedAttributes): Readonly<Record<string, string>> {
  const { contentType, signingScheme, expiry, verificationPlugin, verificationPluginMinVersion } = attributes;
  const shown: Record<string, string> = Object.create(null);
  Object.assign(shown, { contentType, signingScheme });
  const time = attributes.signingTime ?? attributes.authenticSigningTime;
  if (time !== undefined) shown['signingTime'] = formatTime(time);
  if (expiry !== undefined) shown['expiry'] = formatTime(expiry);
  if (verificationPlugin !== undefined) shown[signedNames.verificationPlugin] = verificationPlugin;
  if (verificationPluginMinVersion !== undefined)
    shown[signedNames.verificationPluginMinVersion] = verificationPluginMinVersion;
  for (const { key, value } of attributes.extended) shown[String(key)] = showValue(value);
  return shown;
}

function showValue(value: AttributeValue): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

async function inspectUnsigned(
  envelope: UnverifiedEnvelope | VerifiedEnvelope,
): Promise<EnvelopeInspection['unsignedAttributes']> {
  const { signingAgent, timestampSignature } = envelope.unsignedAttributes;
  return {
    ...defined({ signingAgent }),
    ...(timestampSignature === undefined
      ? {}
      : { timestampSignature: await inspectTimestamp(timestampSignature, envelope.signature) }),
  };
}

async function inspectTimestamp(token: Uint8Array, signature: Uint8Array): Promise<InspectedTimestamp> {
  const { parseTimestampToken } = await loadTokenReader();
  try {
    const { info, certificates } = parseTimestampToken(token);
    if (!equalBytes(await digestBytes(info.hash, signature), info.hashedMessage))
      throw new EnvelopeError('ERR_ENVELOPE_INTEGRITY', 'its message imprint belongs to another signature');
    const timestamp = `[${formatInstant(info.earliest)}, ${formatInstant(info.latest)}]`;
    return { timestamp, certificates: certificates.map(inspectCertificate) };
  } catch (error) {
    if (!isCodedError(error) || error instanceof RuntimeError) throw error;
    return { error: `failed to parse timestamp countersignature: ${error.message}` };
  }
}

/** RFC 3339 with as many digits of the second as are needed. */
function formatInstant(date: Date): string {
  return date.toISOString().replace(/\.?0+Z$/, 'Z');
}
