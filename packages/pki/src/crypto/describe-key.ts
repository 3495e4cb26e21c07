import { DerReader, decodeOid, Tag } from '../asn1/index.js';
import { describeOid } from '../oid-names.js';
import { keyParametersOf, type PublicKey } from './public-key.js';

/** A public key in words, for messages: its kind by name, with its size or its curve. */
export function describePublicKey(key: PublicKey): string {
  if (key.type === 'ec') return `EC on ${key.curve}`;
  if (key.type === 'ed25519') return 'Ed25519';
  if (key.type === 'rsa') return `RSA of ${key.bits} bits`;
  const curve = curveOf(key);
  if (curve !== undefined) return `EC on ${describeOid(curve)}`;
  return `${describeOid(key.algorithm)}${key.bits === 0 ? '' : ` of ${key.bits} bits`}`;
}

function curveOf(key: PublicKey): string | undefined {
  const parameters = keyParametersOf(key);
  if (key.algorithm !== '1.2.840.10045.2.1' || parameters?.[0] !== Tag.oid) return undefined;
  return decodeOid(new DerReader(parameters).any());
}
