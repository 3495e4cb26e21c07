import type { Bytes } from '@notarykit/common/internal';
import { DerReader, decodeTime, decodeUnsigned, encodeElement, readDerDocument, Tag } from '../asn1/index.js';
import type { Certificate } from '../x509/certificate.js';
import { readExtensionList } from '../x509/extensions.js';
import { serialOf } from './cert-id.js';
import type { Crl } from './crl-document.js';
import { refuse } from './refuse.js';

/** Reasons of a revocation (RFC 5280, 5.3.1), by number. */
export const revocationReasons: Readonly<Record<number, string>> = {
  0: 'unspecified',
  1: 'keyCompromise',
  2: 'cACompromise',
  3: 'affiliationChanged',
  4: 'superseded',
  5: 'cessationOfOperation',
  6: 'certificateHold',
  8: 'removeFromCRL',
  9: 'privilegeWithdrawn',
  10: 'aACompromise',
};

/** An entry of a CRL. */
export interface CrlEntry {
  readonly revokedAt: Date;
  /** Name of the reason; `unspecified` where none is given. */
  readonly reason: string;
  /** Since when the key is known or thought to be unsafe. */
  readonly invalidityDate?: Date;
}

const entryOids = { reason: '2.5.29.21', holdInstruction: '2.5.29.23', invalidityDate: '2.5.29.24' } as const;
const knownOids: ReadonlySet<string> = /* @__PURE__ */ (() => new Set(Object.values(entryOids)))();

/** What one pass over all entries finds. */
export interface CheckedEntries {
  readonly count: number;
  readonly unknownCritical?: string;
}

/**
 * Checks the form of every entry without building any: 680,000 of them take about a tenth of a second. A list that is there and empty,
 * which RFC 5280, 5.1.2.6, forbids and authorities write, has none.
 *
 * @throws {PkiError} `ERR_PKI_ASN1`, `ERR_PKI_REVOCATION`
 */
export function checkEntries(reader: DerReader | undefined, version: 1 | 2): CheckedEntries {
  if (reader === undefined) return { count: 0 };
  let count = 0;
  let unknownCritical: string | undefined;
  for (; reader.more; count++) {
    const end = enterEntry(reader);
    if (reader.position === end) continue;
    if (version === 1) refuse('expected entry extensions in version 2 only, found them in version 1');
    unknownCritical = criticalIn(enterExtensions(reader, end)) ?? unknownCritical;
    reader.position = end;
  }
  return unknownCritical === undefined ? { count } : { count, unknownCritical };
}

/** Steps into an entry and over its serial number and date; returns where it ends. Allocates nothing. */
function enterEntry(reader: DerReader): number {
  if (reader.advance() !== Tag.sequence) reader.fail('an entry (a SEQUENCE)', 'another tag');
  const end = reader.contentEnd;
  reader.position = reader.contentStart;
  if (reader.position >= end || reader.advance() !== Tag.integer) reader.fail('a serial number', 'another element');
  if (!isShortest(reader)) reader.fail('a serial number in its shortest form', 'another');
  if (reader.contentEnd >= end) reader.fail('a revocation date', 'the end');
  reader.advance();
  if (!isTimeText(reader)) reader.fail('a revocation date', 'another element');
  if (reader.contentEnd > end) reader.fail('an element within its entry', 'a longer one');
  return end;
}

/** Whether the current INTEGER has content without padding: else one number had two forms, and could hide. */
function isShortest({ bytes, contentStart, contentEnd }: DerReader): boolean {
  if (contentEnd - contentStart < 2) return contentEnd > contentStart;
  const [first, second] = [bytes[contentStart] as number, bytes[contentStart + 1] as number];
  return !(first === 0 && second < 0x80) && !(first === 0xff && second >= 0x80);
}

/** Whether the current element looks like a time; its calendar is checked when the entry is read. */
function isTimeText({ bytes, tag, contentStart, contentEnd }: DerReader): boolean {
  if (tag !== Tag.utcTime && tag !== Tag.generalizedTime) return false;
  if (contentEnd - contentStart !== (tag === Tag.utcTime ? 13 : 15) || bytes[contentEnd - 1] !== 0x5a) return false;
  for (let at = contentStart; at < contentEnd - 1; at++) {
    const byte = bytes[at] as number;
    if (byte < 0x30 || byte > 0x39) return false;
  }
  return true;
}

function enterExtensions(reader: DerReader, end: number): DerReader {
  if (reader.advance() !== Tag.sequence) reader.fail('entry extensions', 'another element');
  if (reader.contentEnd !== end) reader.fail('the end of an entry', 'more');
  return new DerReader(reader.bytes, reader.contentStart, reader.contentEnd);
}

// Nearly every entry has a non-critical reason and nothing else: only its bytes are compared.
const plainReason = [0x30, 0x0a, 0x06, 0x03, 0x55, 0x1d, 0x15, 0x04, 0x03, 0x0a, 0x01];

function criticalIn(list: DerReader): string | undefined {
  if (isPlainReason(list)) return undefined;
  return readExtensionList(list).find(({ oid, critical }) => critical && !knownOids.has(oid))?.oid;
}

function isPlainReason({ bytes, position, end }: DerReader): boolean {
  if (end - position !== 12) return false;
  for (let i = 0; i < plainReason.length; i++) if (bytes[position + i] !== plainReason[i]) return false;
  return true;
}

/**
 * The entries of a certificate, in the CRL's order, found by one pass over the bytes.
 *
 * @throws {PkiError} `ERR_PKI_ASN1`, `ERR_PKI_REVOCATION` when such an entry is malformed
 */
export function findCrlEntries(crl: Crl, certificate: Certificate): readonly CrlEntry[] {
  // The whole element is compared: tag, length and content of two equal INTEGERs are equal in DER.
  const wanted = encodeElement(Tag.integer, serialOf(certificate));
  const found: CrlEntry[] = [];
  const reader = new DerReader(crl.der, crl.entriesStart, crl.entriesEnd);
  while (reader.more) {
    reader.advance();
    const { start, contentStart, contentEnd } = reader;
    if (isAt(reader.bytes, contentStart, wanted)) found.push(readEntry(new DerReader(reader.bytes, start, contentEnd)));
  }
  return found;
}

function isAt(bytes: Bytes, at: number, wanted: Bytes): boolean {
  // Serial numbers of one issuer often begin alike: their ends tell them apart sooner.
  for (let i = wanted.length - 1; i >= 0; i--) if (bytes[at + i] !== wanted[i]) return false;
  return true;
}

function readEntry(reader: DerReader): CrlEntry {
  const entry = reader.enter(Tag.sequence, 'an entry');
  entry.any();
  const revokedAt = decodeTime(entry.any());
  const extensions = entry.enterOptional(Tag.sequence);
  entry.finish('an entry');
  return { revokedAt, reason: 'unspecified', ...(extensions === undefined ? {} : readEntryExtensions(extensions)) };
}

function readEntryExtensions(list: DerReader): Partial<CrlEntry> {
  const fields: Partial<CrlEntry> = {};
  for (const { oid, value } of readExtensionList(list)) {
    if (oid === entryOids.reason) Object.assign(fields, { reason: decodeReason(value) });
    if (oid === entryOids.invalidityDate) Object.assign(fields, { invalidityDate: decodeInvalidityDate(value) });
  }
  return fields;
}

/** The name of a reason code. @throws {PkiError} `ERR_PKI_ASN1`, `ERR_PKI_REVOCATION` */
export function decodeReason(value: Bytes): string {
  const content = readDerDocument(value, Tag.enumerated, 'a reason code');
  const number = decodeUnsigned({ ...readerElement(content), tag: Tag.enumerated });
  return revocationReasons[number] ?? refuse(`expected a reason code of RFC 5280, found ${number}`);
}

/** The date of an invalidity date extension. @throws {PkiError} `ERR_PKI_ASN1` */
export function decodeInvalidityDate(value: Bytes): Date {
  const content = readDerDocument(value, Tag.generalizedTime, 'an invalidity date');
  return decodeTime({ ...readerElement(content), tag: Tag.generalizedTime });
}

function readerElement({ bytes, position, end }: DerReader): {
  bytes: Bytes;
  start: number;
  contentStart: number;
  end: number;
} {
  return { bytes, start: 0, contentStart: position, end };
}
