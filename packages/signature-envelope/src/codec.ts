import type { Bytes } from '@notarykit/common';
import type { SignatureAlgorithm } from './algorithms.js';
import { coseCodec } from './cose/codec.js';
import type { EnvelopeFormat, SignedAttributes, UnsignedAttributes, UnverifiedEnvelope } from './envelope.js';
import { unexpected } from './failures.js';
import { jwsCodec } from './jws/codec.js';
import type { ResolvedLimits } from './limits.js';

/** The parts of an envelope, ready to be put together. */
export interface EnvelopeParts {
  /** Protected header, serialised. */
  readonly protectedHeader: Bytes;
  readonly payload: Bytes;
  readonly signature: Uint8Array;
  /** DER, leaf first. */
  readonly certificateChain: readonly Uint8Array[];
  readonly unsignedAttributes: UnsignedAttributes;
}

/** What the code that signs and verifies knows of a format. */
export interface EnvelopeCodec {
  readonly format: EnvelopeFormat;
  encodeProtectedHeader(attributes: SignedAttributes, algorithm: SignatureAlgorithm): Bytes;
  /** The bytes that a signature covers. */
  signedBytes(protectedHeader: Bytes, payload: Bytes): Bytes;
  encode(parts: EnvelopeParts): Bytes;
  decode(bytes: Bytes, limits: ResolvedLimits): UnverifiedEnvelope;
  /** The same envelope with a timestamp token among its unprotected headers. */
  addTimestamp(bytes: Bytes, token: Uint8Array): Bytes;
}

const codecs: readonly EnvelopeCodec[] = [jwsCodec, coseCodec];
const byMediaType: ReadonlyMap<string, EnvelopeCodec> = new Map([
  ['application/jose+json', jwsCodec],
  ['application/cose', coseCodec],
]);

export function codecOf(format: EnvelopeFormat): EnvelopeCodec {
  const codec = codecs.find((candidate) => candidate.format === format);
  if (codec === undefined) throw unexpected('format', '"jws" or "cose"', format);
  return codec;
}

/** Media types are compared as they stand: the descriptor says which format it is, the bytes are never guessed at. */
export function codecOfMediaType(mediaType: string): EnvelopeCodec {
  const codec = byMediaType.get(mediaType);
  if (codec === undefined)
    throw unexpected('envelope media type', '"application/jose+json" or "application/cose"', mediaType);
  return codec;
}
