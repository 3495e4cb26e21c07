import type { Bytes } from '@notarykit/common/internal';
import { encodeCbor } from './write-cbor.js';

const noExternalData = new Uint8Array(0);

/** The bytes that a COSE_Sign1 signature covers (RFC 9052, 4.4); the protected header goes in as it was received. */
export function sigStructure(protectedHeader: Bytes, payload: Bytes): Bytes {
  return encodeCbor(['Signature1', protectedHeader, noExternalData, payload]);
}
