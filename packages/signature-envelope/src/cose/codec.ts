import type { Bytes } from '@notarykit/common/internal';
import { unsignedNames } from '../attributes.js';
import type { EnvelopeCodec, EnvelopeParts } from '../envelope-codec.js';
import { type CborKey, CborTag, type CborValue } from './cbor.js';
import { parseSign1 } from './decode.js';
import { labels, sign1Tag } from './labels.js';
import { encodeProtectedHeader } from './protected-header.js';
import { sigStructure } from './sig-structure.js';
import { encodeCbor } from './write-cbor.js';

/** The tagged COSE_Sign1 of RFC 9052, 4.2, as signature-envelope-cose.md narrows it. */
export const coseCodec: EnvelopeCodec = {
  format: 'cose',
  encodeProtectedHeader,
  signedBytes: sigStructure,
  encode,
  addTimestamp,
};

function encode(parts: EnvelopeParts): Bytes {
  const { signingAgent, timestampSignature } = parts.unsignedAttributes;
  const unprotected = new Map<CborKey, CborValue>();
  if (parts.certificateChain.length > 0)
    unprotected.set(
      labels.x5chain,
      parts.certificateChain.map((der) => new Uint8Array(der)),
    );
  if (signingAgent !== undefined) unprotected.set(unsignedNames.signingAgent, signingAgent);
  if (timestampSignature !== undefined) unprotected.set(unsignedNames.timestampSignature, timestampSignature);
  return message(parts.protectedHeader, unprotected, parts.payload, new Uint8Array(parts.signature));
}

function message(
  protectedHeader: Bytes,
  unprotected: ReadonlyMap<CborKey, CborValue>,
  payload: Bytes,
  signature: Bytes,
): Bytes {
  return encodeCbor(new CborTag(sign1Tag, [protectedHeader, unprotected, payload, signature]));
}

function addTimestamp(bytes: Bytes, token: Uint8Array): Bytes {
  const { protectedHeader, unprotected, payload, signature } = parseSign1(bytes);
  const stamped = new Map([
    ...unprotected,
    [unsignedNames.timestampSignature as CborKey, new Uint8Array(token) as CborValue],
  ]);
  return message(protectedHeader, stamped, payload, signature);
}
