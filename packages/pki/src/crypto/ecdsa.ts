import type { Bytes } from '@notarykit/common/internal';
import { decodePositiveBytes, encodeInteger, encodeSequence, readDerDocument, Tag } from '../asn1/index.js';
import { PkiError } from '../errors.js';
import { curves, type PublicKey } from './public-key.js';

/**
 * An ECDSA signature `r ‖ s` (IEEE P1363) from its DER form (RFC 3279, 2.2.3), read strictly: a padded, negative or zero
 * integer, or one larger than the field, is refused.
 *
 * @throws {PkiError} `ERR_PKI_ASN1`
 */
export function ecdsaFromDer(signature: Uint8Array, curve: NonNullable<PublicKey['curve']>): Bytes {
  const { octets } = curves[curve];
  const content = readDerDocument(signature, Tag.sequence, 'an ECDSA signature');
  const raw = new Uint8Array(2 * octets);
  for (const [index, name] of ['r', 's'].entries()) {
    const value = decodePositiveBytes(content.element(Tag.integer, name));
    if (value.length > octets) {
      throw new PkiError('ERR_PKI_ASN1', `expected ${name} of at most ${octets} bytes, found ${value.length}`);
    }
    raw.set(value, (index + 1) * octets - value.length);
  }
  content.finish('an ECDSA signature');
  return raw;
}

/** The DER form (RFC 3279, 2.2.3) of an ECDSA signature `r ‖ s`. */
export function ecdsaToDer(signature: Uint8Array): Bytes {
  const half = signature.length / 2;
  return encodeSequence(encodeInteger(signature.subarray(0, half)), encodeInteger(signature.subarray(half)));
}
