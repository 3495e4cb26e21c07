import type { Bytes } from '@notarykit/common/internal';
import * as asn1js from 'asn1js';
import { AlgorithmIdentifier, Extension, type PkiObject, Time, TimeType } from 'pkijs';
import type { ExtensionSpec } from './extension-spec.js';

/** The bytes in their own buffer: `slice` of a Buffer shares the one it lies in. */
const copyOf = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;

/** Bytes that are written as they are. asn1js would parse and write them anew, which takes time and repairs what a test broke on purpose. */
class Encoded extends asn1js.BaseBlock {
  readonly #der: ArrayBuffer;

  constructor(der: Uint8Array) {
    super();
    this.#der = copyOf(der);
  }

  override toBER(_sizeOnly?: boolean, writer?: asn1js.ViewWriter): ArrayBuffer {
    writer?.write(this.#der);
    return this.#der;
  }
}

/** A block of asn1js for DER at hand. */
export const encoded = (der: Uint8Array): asn1js.BaseBlock => new Encoded(der);

/** An object of pkijs for DER at hand: it is written as it is. */
export function encodedAs<T extends PkiObject>(type: new () => T, der: Uint8Array): T {
  return Object.assign(new type(), { toSchema: () => encoded(der) });
}

/** The DER of a block of asn1js. */
export const derOf = (block: { toBER(): ArrayBuffer }): Bytes => new Uint8Array(block.toBER());

export const sequence = (...value: asn1js.BaseBlock[]): asn1js.Sequence => new asn1js.Sequence({ value });
export const octetString = (content: Uint8Array): asn1js.OctetString =>
  new asn1js.OctetString({ valueHex: copyOf(content) });
export const integer = (value: number | bigint): asn1js.Integer => asn1js.Integer.fromBigInt(BigInt(value));
export const enumerated = (value: number): asn1js.Enumerated => new asn1js.Enumerated({ value });
export const oid = (value: string): asn1js.ObjectIdentifier => new asn1js.ObjectIdentifier({ value });

/** Context-specific and constructed: explicit tags, and implicit ones of sequences. */
export const context = (tagNumber: number, ...value: asn1js.BaseBlock[]): asn1js.Constructed =>
  new asn1js.Constructed({ idBlock: { tagClass: 3, tagNumber }, value });

/** Order of a SET OF in DER (X.690, 11.6), which asn1js leaves to its caller. */
export const sorted = (elements: readonly Uint8Array[]): readonly Uint8Array[] => [...elements].sort(compareBytes);

/** Also where there is no Buffer: in browsers. */
function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, i) => byte !== b[i]);
  return at === -1 ? a.length - b.length : (a[at] as number) - (b[at] ?? -1);
}

/** A BIT STRING of named bits: trailing zero bits are left out (X.690, 11.2.2). */
export function namedBits(bits: readonly number[]): asn1js.BitString {
  const highest = Math.max(-1, ...bits);
  const bytes = new Uint8Array(Math.ceil((highest + 1) / 8));
  for (const bit of bits) bytes[bit >> 3] = (bytes[bit >> 3] as number) | (0x80 >> (bit & 7));
  return new asn1js.BitString({ valueHex: bytes.buffer, unusedBits: (8 - ((highest + 1) % 8)) % 8 });
}

/** Time in whole seconds, as certificates and what revokes them carry it. */
export const wholeSeconds = (date: Date): Date => new Date(Math.floor(date.getTime() / 1000) * 1000);

/** Time of a certificate: UTCTime through 2049, GeneralizedTime after (RFC 5280, 4.1.2.5). */
export function time(date: Date): Time {
  const year = date.getUTCFullYear();
  const type = year < 1950 || year > 2049 ? TimeType.GeneralizedTime : TimeType.UTCTime;
  return new Time({ type, value: wholeSeconds(date) });
}

export const generalizedTime = (date: Date): asn1js.GeneralizedTime =>
  new asn1js.GeneralizedTime({ valueDate: wholeSeconds(date) });

/** An AlgorithmIdentifier with the parameters that RFC 4055 and others ask for: NULL. */
export const withNull = (algorithmId: string): AlgorithmIdentifier =>
  new AlgorithmIdentifier({ algorithmId, algorithmParams: new asn1js.Null() });

/** Extensions as pkijs takes them. */
export const extensionsOf = (list: readonly ExtensionSpec[]): Extension[] =>
  list.map(({ oid: extnID, critical, value }) => new Extension({ extnID, critical, extnValue: copyOf(value) }));
