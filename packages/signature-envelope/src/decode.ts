import type { Bytes } from '@notarykit/common';
import { codecOfMediaType } from './codec.js';
import type { UnverifiedEnvelope } from './envelope.js';
import { overLimit } from './failures.js';
import { type EnvelopeLimits, resolveLimits } from './limits.js';

/** Options of {@link decodeEnvelope}. */
export interface DecodeEnvelopeOptions {
  readonly limits?: EnvelopeLimits;
}

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
  const codec = codecOfMediaType(mediaType);
  if (bytes.length > limits.envelopeSize) throw overLimit('envelope', limits.envelopeSize, bytes.length, 'bytes');
  return codec.decode(bytes as Bytes, limits);
}
