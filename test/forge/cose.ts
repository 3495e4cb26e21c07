import { type Bytes, utf8 } from '@notarykit/common';
import { algorithmOf } from '@notarykit/signature-envelope';
import type { Issued } from '@notarykit/testing';
import { array, bytes, int, map, tag, text } from './cbor.js';
import { goodPayload, signBytes } from './jws.js';

/** Entries of a header map: encoded key and encoded value by a name for tests. */
export type Entries = Record<string, readonly [Uint8Array, Uint8Array]>;

/** What differs from a good message. */
export interface CoseChanges {
  /** Changes the entries, or gives the serialised map. */
  readonly protected?: (entries: Entries) => Entries | Uint8Array;
  readonly unprotected?: (entries: Entries) => Entries | Uint8Array;
  readonly payload?: Uint8Array;
  readonly signature?: (signature: Uint8Array) => Uint8Array;
  /** The elements of the array, encoded, and the whole message made of them. */
  readonly message?: (elements: readonly Bytes[]) => Uint8Array;
}

const name = (short: string): Bytes => text(`io.cncf.notary.${short}`);
const serialise = (header: Entries | Uint8Array): Bytes =>
  header instanceof Uint8Array ? (header as Bytes) : map(...Object.values(header));

/** A COSE envelope that is good but for the changes; what the signature covers is signed after they were made. */
export async function forgeCose(leaf: Issued, changes: CoseChanges = {}): Promise<Bytes> {
  const entries: Entries = {
    alg: [int(1), int(algorithmOf(leaf.keySpec).cose)],
    crit: [int(2), array(name('signingScheme'))],
    cty: [int(3), text('application/vnd.cncf.notary.payload.v1+json')],
    signingTime: [name('signingTime'), tag(1, int(1_735_689_600))],
    signingScheme: [name('signingScheme'), text('notary.x509')],
  };
  const protectedHeader = serialise(changes.protected?.(entries) ?? entries);
  const payload = changes.payload ?? utf8(goodPayload);
  const toBeSigned = array(text('Signature1'), bytes(protectedHeader), bytes(new Uint8Array(0)), bytes(payload));
  const signature = await signBytes(leaf, toBeSigned);
  const unprotected: Entries = { x5chain: [int(33), array(...leaf.chain.map((der) => bytes(der)))] };
  const elements = [
    bytes(protectedHeader),
    serialise(changes.unprotected?.(unprotected) ?? unprotected),
    bytes(payload),
    bytes(changes.signature?.(signature) ?? signature),
  ];
  return (changes.message?.(elements) ?? tag(18, array(...elements))) as Bytes;
}

/** A header entry of the Notary Project. */
export const notary = (short: string, value: Uint8Array): readonly [Uint8Array, Uint8Array] => [name(short), value];
