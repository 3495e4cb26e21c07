import type { Bytes } from '@notarykit/common/internal';
import type { SignatureAlgorithm } from './algorithms.js';
import type { EnvelopeFormat, SignedAttributes, UnsignedAttributes } from './envelope.js';

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

/** What the code that signs knows of a format; `decode.ts` has the readers. */
export interface EnvelopeCodec {
  readonly format: EnvelopeFormat;
  encodeProtectedHeader(attributes: SignedAttributes, algorithm: SignatureAlgorithm): Bytes;
  /** The bytes that a signature covers. */
  signedBytes(protectedHeader: Bytes, payload: Bytes): Bytes;
  encode(parts: EnvelopeParts): Bytes;
  /** The same envelope with a timestamp token among its unprotected headers. */
  addTimestamp(bytes: Bytes, token: Uint8Array): Bytes;
}
