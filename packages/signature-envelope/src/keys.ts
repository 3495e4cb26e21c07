import { describePublicKey, type PublicKey } from '@notarykit/pki/internal/core';
import { algorithmOf, type KeySpec, type SignatureAlgorithm } from './algorithms.js';
import { EnvelopeError } from './errors.js';

const rsa: Readonly<Record<number, KeySpec>> = { 2048: 'RSA-2048', 3072: 'RSA-3072', 4096: 'RSA-4096' };
const ec: Readonly<Record<string, KeySpec>> = { 'P-256': 'EC-256', 'P-384': 'EC-384', 'P-521': 'EC-521' };

/**
 * The key spec of a public key: exactly RSA of 2048, 3072 or 4096 bits and the curves P-256, P-384 and P-521
 * (signature-specification.md, "Signature Algorithm Requirements").
 *
 * @throws {EnvelopeError} `ERR_ENVELOPE_ALGORITHM` for every other key
 */
export function keySpecOf(publicKey: PublicKey): KeySpec {
  const spec =
    publicKey.type === 'rsa' ? rsa[publicKey.bits] : publicKey.type === 'ec' ? ec[publicKey.curve ?? ''] : undefined;
  if (spec === undefined)
    throw new EnvelopeError(
      'ERR_ENVELOPE_ALGORITHM',
      `expected a key of RSA 2048, 3072 or 4096 bits, P-256, P-384 or P-521, found ${describePublicKey(publicKey)}`,
    );
  return spec;
}

/** The one algorithm that a key may sign with. */
export function algorithmOfKey(publicKey: PublicKey): SignatureAlgorithm {
  return algorithmOf(keySpecOf(publicKey));
}
