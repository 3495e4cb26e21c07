import { PkiError } from '../errors.js';
import { type DerElement, DerReader, Tag } from './reader.js';
import { decodeBitString, decodeBoolean, decodeIntegerBytes, decodeNull, decodeOid } from './values.js';

/** Limits of {@link scanDer}. */
export interface ScanLimits {
  /** How deep constructed elements may be nested. Default 32. */
  readonly maxDepth?: number;
  /** How many elements there may be. Default 20,000. */
  readonly maxElements?: number;
}

type Check = (element: DerElement) => unknown;

const primitiveChecks: ReadonlyMap<number, Check> = new Map<number, Check>([
  [Tag.boolean, decodeBoolean],
  [Tag.integer, decodeIntegerBytes],
  [Tag.enumerated, decodeIntegerBytes],
  [Tag.bitString, decodeBitString],
  [Tag.null, decodeNull],
  [Tag.oid, decodeOid],
]);

/**
 * Walks a whole document, one element with nothing after it, and refuses what is not DER (X.690, 10 and 11): indefinite
 * or long lengths, constructed strings, padded integers, other booleans, unused bits that are set. The content of an
 * OCTET STRING is opaque to it, and so is the order within a SET OF.
 *
 * @throws {PkiError} `ERR_PKI_ASN1`, or `ERR_PKI_LIMIT` when it is nested too deep or has too many elements
 */
export function scanDer(bytes: Uint8Array, limits: ScanLimits = {}): void {
  const { maxDepth = 32, maxElements = 20_000 } = limits;
  const reader = new DerReader(bytes);
  const open: number[] = [];
  let elements = 0;
  do {
    while (open.length > 0 && reader.position === open[open.length - 1]) open.pop();
    if (open.length === 0 && elements > 0) break;
    if (++elements > maxElements) throw new PkiError('ERR_PKI_LIMIT', `more than ${maxElements} ASN.1 elements`);
    const tag = reader.advance();
    const enclosing = open[open.length - 1];
    if (enclosing !== undefined && reader.contentEnd > enclosing) outgrown(reader);
    if ((tag & 0x20) !== 0) {
      if (tag < 0x40 && tag !== Tag.sequence && tag !== Tag.set) constructed(reader);
      if (open.length >= maxDepth) throw new PkiError('ERR_PKI_LIMIT', `ASN.1 nested deeper than ${maxDepth} levels`);
      open.push(reader.contentEnd);
      reader.position = reader.contentStart;
    } else checkPrimitive(reader, tag);
  } while (reader.more || open.length > 0);
  reader.finish('the document');
}

function checkPrimitive(reader: DerReader, tag: number): void {
  if (tag === (Tag.sequence & ~0x20) || tag === (Tag.set & ~0x20) || tag === 0) {
    throw new PkiError(
      'ERR_PKI_ASN1',
      `expected a constructed SEQUENCE or SET at byte ${reader.start}, found a primitive one`,
    );
  }
  const check = primitiveChecks.get(tag);
  if (check === undefined) return;
  check({ bytes: reader.bytes, tag, start: reader.start, contentStart: reader.contentStart, end: reader.contentEnd });
}

function outgrown(reader: DerReader): never {
  throw new PkiError(
    'ERR_PKI_ASN1',
    `expected an element within its parent at byte ${reader.start}, found a longer one`,
  );
}

function constructed(reader: DerReader): never {
  throw new PkiError('ERR_PKI_ASN1', `expected a primitive element at byte ${reader.start}, found a constructed one`);
}
