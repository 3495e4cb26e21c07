import type { Bytes } from '@notarykit/common/internal';
import { ecdsaFromDer, ecdsaToDer } from '@notarykit/pki/internal/core';
import { algorithmOf, type KeySpec } from '../algorithms.js';
import { SignerError } from '../errors.js';

/**
 * The `r ‖ s` form of an ECDSA signature that a key service gave in DER (RFC 3279, 2.2.3), read strictly.
 *
 * @throws {SignerError} reason `bad-signature-encoding`
 */
export function ecdsaDerToP1363(signature: Uint8Array, keySpec: KeySpec): Bytes {
  const { curve } = algorithmOf(keySpec);
  if (curve === undefined)
    throw new SignerError(`key spec ${keySpec} makes no ECDSA signatures`, { reason: 'bad-signature-encoding' });
  try {
    return ecdsaFromDer(signature, curve);
  } catch (cause) {
    throw new SignerError(
      `expected an ECDSA signature in DER: ${(cause as Error).message}`,
      { reason: 'bad-signature-encoding' },
      { cause },
    );
  }
}

/**
 * The DER form of an ECDSA signature `r ‖ s`.
 *
 * @throws {SignerError} reason `bad-signature-encoding` for a length that no curve has
 */
export function ecdsaP1363ToDer(signature: Uint8Array): Bytes {
  if (![64, 96, 132].includes(signature.length))
    throw new SignerError(`expected r and s in 64, 96 or 132 bytes, found ${signature.length}`, {
      reason: 'bad-signature-encoding',
    });
  return ecdsaToDer(signature);
}
