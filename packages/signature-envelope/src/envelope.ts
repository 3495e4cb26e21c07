import type { Bytes } from '@notarykit/common/internal';
import type { Certificate } from '@notarykit/pki/internal/core';
import type { SignatureAlgorithm } from './algorithms.js';

/** Media types of the two envelope formats. */
export const envelopeMediaTypes = { jws: 'application/jose+json', cose: 'application/cose' } as const;

/** The two envelope formats. */
export type EnvelopeFormat = keyof typeof envelopeMediaTypes;

/** Who vouches for the signing time (signing-scheme.md). */
export type SigningScheme = 'notary.x509' | 'notary.x509.signingAuthority';

/** A value of an extended attribute. COSE may hold bytes, JWS may not. */
export type AttributeValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly AttributeValue[]
  | { readonly [key: string]: AttributeValue };

/** A protected header that the specification does not define. */
export interface ExtendedAttribute {
  /** COSE allows integers as well. */
  readonly key: string | number;
  readonly value: AttributeValue;
  readonly critical: boolean;
}

/** What the signature covers besides the payload (signature-specification.md, "Signed Attributes"). */
export interface SignedAttributes {
  readonly contentType: string;
  readonly signingScheme: SigningScheme;
  /** The signer's claim, `notary.x509` only: shown, never trusted. */
  readonly signingTime?: Date;
  /** Vouched for by a signing authority, `notary.x509.signingAuthority` only. */
  readonly authenticSigningTime?: Date;
  readonly expiry?: Date;
  readonly verificationPlugin?: string;
  readonly verificationPluginMinVersion?: string;
  readonly extended: readonly ExtendedAttribute[];
}

/** What the signature does not cover. */
export interface UnsignedAttributes {
  readonly signingAgent?: string;
  /** RFC 3161 TimeStampToken over the signature bytes. */
  readonly timestampSignature?: Bytes;
}

/** An envelope that was decoded; nothing about it is verified, and nothing may be acted on. */
export interface UnverifiedEnvelope {
  readonly verified: false;
  readonly format: EnvelopeFormat;
  /** The envelope, exactly as received. */
  readonly bytes: Bytes;
  readonly payload: Bytes;
  readonly signedAttributes: SignedAttributes;
  readonly unsignedAttributes: UnsignedAttributes;
  /** Leaf first, as it is in the envelope. */
  readonly certificateChain: readonly Certificate[];
  /** The algorithm that the leaf's key demands and the header names. */
  readonly algorithm: SignatureAlgorithm;
  readonly signature: Bytes;
  /** The bytes that the signature covers, exactly as received. */
  readonly signedBytes: Bytes;
}

/** Content, size and type of what was signed (signature-specification.md, "Payload"). */
export interface TargetArtifact {
  readonly mediaType: string;
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  /** User metadata among them. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** An envelope whose signature, chain rules and payload hold; whether its signer is *trusted* is another question. */
export interface VerifiedEnvelope extends Omit<UnverifiedEnvelope, 'verified'> {
  readonly verified: true;
  readonly targetArtifact: TargetArtifact;
}
