import { type Bytes, decodeUtf8 } from '@notarykit/common/internal';
import { contentOf, contextTag, type DerElement, type DerReader, readerOf, Tag } from '../asn1/index.js';
import { PkiError } from '../errors.js';
import type { Name } from './certificate.js';
import { nameOf } from './name.js';

/** A GeneralName (RFC 5280, 4.2.1.6). Text is ASCII; kinds that nothing evaluates are kept as `other`. */
export type GeneralName =
  | { readonly kind: 'email' | 'dns' | 'uri'; readonly text: string }
  | { readonly kind: 'ip'; readonly bytes: Bytes }
  | { readonly kind: 'directory'; readonly name: Name }
  | { readonly kind: 'other'; readonly tag: number };

const texts: Readonly<Record<number, 'email' | 'dns' | 'uri'>> = {
  [contextTag(1, 'primitive')]: 'email',
  [contextTag(2, 'primitive')]: 'dns',
  [contextTag(6, 'primitive')]: 'uri',
};
const otherTags: ReadonlySet<number> = new Set([
  contextTag(0),
  contextTag(3),
  contextTag(5),
  contextTag(8, 'primitive'),
]);

/**
 * The next GeneralName of a reader.
 *
 * @throws {PkiError} `ERR_PKI_ASN1`
 */
export function readGeneralName(reader: DerReader): GeneralName {
  const element = reader.any();
  const kind = texts[element.tag];
  if (kind !== undefined) return { kind, text: asciiOf(element) };
  if (element.tag === contextTag(7, 'primitive')) return { kind: 'ip', bytes: contentOf(element) };
  if (element.tag === contextTag(4)) return { kind: 'directory', name: directoryOf(element) };
  if (otherTags.has(element.tag)) return { kind: 'other', tag: element.tag };
  throw new PkiError('ERR_PKI_ASN1', `expected a GeneralName at byte ${element.start}, found another tag`);
}

function asciiOf(element: DerElement): string {
  const content = contentOf(element);
  if (content.some((byte) => byte >= 0x80 || byte < 0x20)) {
    throw new PkiError('ERR_PKI_ASN1', `expected ASCII at byte ${element.start}, found other bytes`);
  }
  return decodeUtf8(content);
}

function directoryOf(element: DerElement): Name {
  const reader = readerOf(element);
  const name = nameOf(reader.element(Tag.sequence, 'a directory name'));
  reader.finish('a directory name');
  return name;
}
