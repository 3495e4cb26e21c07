export { normalizeBer } from './ber.js';
export { contentOf, contextTag, type DerElement, DerReader, derOf, readDerDocument, readerOf, Tag } from './reader.js';
export { type ScanLimits, scanDer } from './scan.js';
export { decodeString, isStringTag } from './strings.js';
export { type DecodeTimeOptions, decodeTime } from './time.js';
export {
  type BitString,
  decodeBigInteger,
  decodeBitString,
  decodeBoolean,
  decodeIntegerBytes,
  decodeNull,
  decodeOctetBitString,
  decodeOid,
  decodePositiveBytes,
  decodeUnsigned,
} from './values.js';
export {
  encodeAsciiString,
  encodeBitString,
  encodeBoolean,
  encodeContext,
  encodeContextPrimitive,
  encodeElement,
  encodeEnumerated,
  encodeGeneralizedTime,
  encodeInteger,
  encodeNull,
  encodeOctetString,
  encodeOid,
  encodeSequence,
  encodeSet,
  encodeTime,
  encodeUtf8String,
} from './writer.js';
