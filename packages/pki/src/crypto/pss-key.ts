import { encodeBitString, encodeNull, encodeOid, encodeSequence } from '../asn1/index.js';
import type { SignatureParameters } from './platform.js';
import { keyBitsOf, keyParametersOf, oidRsaPss, type PublicKey, parsePublicKey } from './public-key.js';
import { pssParametersOf } from './signature-algorithm.js';

const rewrapped = new WeakMap<PublicKey, PublicKey>();

/**
 * An id-RSASSA-PSS key as a plain RSA key, if its own parameters allow these (RFC 4055, 3.3: same hash, salt at least as
 * long). Certificates with such keys are refused elsewhere; a raw verification may still be asked for one.
 */
export function pssKeyFor(
  key: PublicKey,
  wanted: SignatureParameters & { readonly scheme: 'rsassa-pss' },
): PublicKey | undefined {
  if (key.algorithm !== oidRsaPss) return undefined;
  const parameters = keyParametersOf(key);
  if (parameters !== undefined) {
    const allowed = pssParametersOf(parameters);
    if (allowed === undefined || allowed.hash !== wanted.hash || wanted.saltLength < allowed.saltLength)
      return undefined;
  }
  const known = rewrapped.get(key) ?? asPlainRsa(key);
  rewrapped.set(key, known);
  return known.type === 'rsa' ? known : undefined;
}

function asPlainRsa(key: PublicKey): PublicKey {
  const algorithm = encodeSequence(encodeOid('1.2.840.113549.1.1.1'), encodeNull());
  return parsePublicKey(encodeSequence(algorithm, encodeBitString(keyBitsOf(key))));
}
