import { type Bytes, CodecError, decodeUtf8, utf8 } from '@notarykit/common/internal';
import { PkiError } from '../errors.js';
import { contentOf, type DerElement, Tag } from './reader.js';

type Decoder = (content: Bytes) => string | undefined;

const isAscii = (byte: number): boolean => byte < 0x80;
const isVisible = (byte: number): boolean => byte >= 0x20 && byte < 0x7f;
const isNumeric = (byte: number): boolean => byte === 0x20 || (byte >= 0x30 && byte <= 0x39);

// X.680, 41.4, and the `*` and `&` that real authorities write.
const printable: ReadonlySet<number> = new Set(
  utf8(`ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?*&`),
);
const isPrintable = (byte: number): boolean => printable.has(byte);

function single(allowed: (byte: number) => boolean): Decoder {
  return (content) => {
    let text = '';
    for (const byte of content) {
      if (!allowed(byte)) return undefined;
      text += String.fromCharCode(byte);
    }
    return text;
  };
}

function decodeUtf8Content(content: Bytes): string | undefined {
  try {
    return decodeUtf8(content);
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}

function decodeBmp(content: Bytes): string | undefined {
  if (content.length % 2 !== 0) return undefined;
  let text = '';
  for (let i = 0; i < content.length; i += 2) {
    text += String.fromCharCode(((content[i] as number) << 8) | (content[i + 1] as number));
  }
  return /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text) ? undefined : text;
}

function decodeUniversal(content: Bytes): string | undefined {
  if (content.length % 4 !== 0) return undefined;
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  let text = '';
  for (let i = 0; i < content.length; i += 4) {
    const point = view.getUint32(i);
    if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return undefined;
    text += String.fromCodePoint(point);
  }
  return text;
}

const decoders: ReadonlyMap<number, Decoder> = new Map([
  [Tag.utf8String, decodeUtf8Content],
  [Tag.printableString, single(isPrintable)],
  [Tag.ia5String, single(isAscii)],
  [Tag.numericString, single(isNumeric)],
  [Tag.visibleString, single(isVisible)],
  // Read as Latin-1 to be shown; who compares names looks at the tag and refuses it (its real repertoire is ambiguous).
  [Tag.teletexString, single(() => true)],
  [Tag.bmpString, decodeBmp],
  [Tag.universalString, decodeUniversal],
]);

/** Whether the tag is of one of the string types that {@link decodeString} reads. */
export function isStringTag(tag: number): boolean {
  return decoders.has(tag);
}

/**
 * The text of a character string, exact by its type: no normalisation, nothing trimmed.
 *
 * @throws {PkiError} `ERR_PKI_ASN1` when the bytes are not of the type's repertoire
 */
export function decodeString(element: DerElement): string {
  const text = decoders.get(element.tag)?.(contentOf(element));
  if (text !== undefined) return text;
  throw new PkiError(
    'ERR_PKI_ASN1',
    `expected a character string at byte ${element.start}, found bytes that tag 0x${element.tag.toString(16)} does not allow`,
  );
}
