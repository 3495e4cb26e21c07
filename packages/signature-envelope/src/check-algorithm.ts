import { quote } from '@notarykit/common/internal';
import type { Certificate } from '@notarykit/pki/internal/core';
import type { SignatureAlgorithm } from './algorithms.js';
import { EnvelopeError } from './errors.js';
import { algorithmOfKey } from './keys.js';

/**
 * The algorithm of an envelope: the leaf's key decides, and the header must agree, before any cryptography is done.
 *
 * @throws {EnvelopeError} `ERR_ENVELOPE_ALGORITHM`
 */
export function checkAlgorithm(
  chain: readonly Certificate[],
  named: (algorithm: SignatureAlgorithm) => boolean,
  header: unknown,
): SignatureAlgorithm {
  const algorithm = algorithmOfKey((chain[0] as Certificate).publicKey);
  if (!named(algorithm))
    throw new EnvelopeError(
      'ERR_ENVELOPE_ALGORITHM',
      `alg: the leaf's key ${algorithm.keySpec} demands ${algorithm.jws} (COSE ${algorithm.cose}), the header says ${header === undefined ? 'nothing' : quote(header)}`,
    );
  return algorithm;
}
