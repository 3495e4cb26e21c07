import { type Bytes, hash as digest, type HashAlgorithm } from '@notarykit/common/internal';
import {
  encodeBoolean,
  encodeInteger,
  encodeNull,
  encodeOctetString,
  encodeOid,
  encodeSequence,
} from '../asn1/index.js';
import { hashOids } from './tst-info.js';

/** A request for a timestamp, and what its answer must repeat. */
export interface TimestampRequest {
  /** DER. */
  readonly der: Bytes;
  /** Content of the nonce's INTEGER. */
  readonly nonce: Bytes;
}

/**
 * Builds a request (RFC 3161, 2.4.1): version 1, a random nonce of 159 bits, the certificate asked for. The nonce is never the
 * caller's, or an old answer could be played again.
 */
export function buildTimestampRequest(message: Uint8Array, hash: HashAlgorithm): TimestampRequest {
  const nonce = randomNonce();
  const imprint = encodeSequence(
    encodeSequence(encodeOid(hashOids[hash]), encodeNull()),
    encodeOctetString(digest(hash, message)),
  );
  const der = encodeSequence(encodeInteger(1), imprint, encodeInteger(nonce), encodeBoolean(true));
  return { der, nonce };
}

/** A positive number whose first byte is not zero, so that its bytes are the INTEGER's. */
function randomNonce(): Bytes {
  const nonce = crypto.getRandomValues(new Uint8Array(20));
  nonce[0] = ((nonce[0] as number) & 0x7f) | 0x40;
  return nonce;
}
