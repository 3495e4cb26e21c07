import type { Bytes } from '@notarykit/common/internal';
import { decodeCose } from './cose/decode.js';
import type { UnverifiedEnvelope } from './envelope.js';
import { overLimit, unexpected } from './failures.js';
import { decodeJws } from './jws/decode.js';
import { type EnvelopeLimits, type ResolvedLimits, resolveLimits } from './limits.js';

/** Options of {@link decodeEnvelope}. */
export interface DecodeEnvelopeOptions {
  readonly limits?: EnvelopeLimits;
}

type Decode = (bytes: Bytes, limits: ResolvedLimits) => UnverifiedEnvelope;

/**
 * Decodes an envelope strictly; nothing about it is verified. The media type of the descriptor decides the format.
 *
 * @throws {EnvelopeError} `ERR_ENVELOPE_MALFORMED`, `_ALGORITHM`, `_CRITICAL`, `_CHAIN`, `_LIMIT`, `_TIME`
 * @throws {CodecError} `ERR_CODEC_JSON`, `_UTF8`, `_BASE64`, `_CBOR`, `_LIMIT`
 *
 * @example
 * ```ts
 * const envelope = await verifyIntegrity(decodeEnvelope(bytes, 'application/jose+json'));
 * ```
 */
export function decodeEnvelope(
  bytes: Uint8Array,
  mediaType: string,
  options: DecodeEnvelopeOptions = {},
): UnverifiedEnvelope {
  const limits = resolveLimits(options.limits);
  const decode = decoderOf(mediaType);
  if (bytes.length > limits.envelopeSize) throw overLimit('envelope', limits.envelopeSize, bytes.length, 'bytes');
  return decode(bytes as Bytes, limits);
}

/**
 * Media types are compared as they are: the descriptor says which format it is, the bytes are never guessed at. Apart from the codecs
 * that write: a page that only verifies loads no encoder.
 */
function decoderOf(mediaType: string): Decode {
  if (mediaType === 'application/jose+json') return decodeJws;
  if (mediaType === 'application/cose') return decodeCose;
  throw unexpected('envelope media type', '"application/jose+json" or "application/cose"', mediaType);
}
