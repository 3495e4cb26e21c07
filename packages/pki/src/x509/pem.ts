import { type Bytes, decodeBase64, encodeBase64 } from '@notarykit/common/internal';
import { PkiError } from '../errors.js';

/** One block of a PEM text. */
export interface PemBlock {
  /** For example `CERTIFICATE`. */
  readonly label: string;
  readonly der: Bytes;
}

/** DER as a PEM block (RFC 7468), lines of 64 characters, with a final newline. */
export function encodePem(label: string, der: Uint8Array): string {
  const lines = encodeBase64(der).match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

const begin = /^-----BEGIN ([A-Z0-9 ]{1,64})-----$/;

/**
 * The blocks of a PEM text (RFC 7468), LF or CRLF, blanks around a line ignored, base64 canonical. Text outside of blocks is passed over
 * (section 2: "Bag Attributes", `openssl x509 -text`), but for a line that looks like a part of a block: what was damaged on
 * its way is not mistaken for words.
 *
 * Nothing of the text is repeated in an error, but for the shape that it has: it may be a private key.
 *
 * @throws {PkiError} `ERR_PKI_CERTIFICATE` for a block without end or beginning, bad base64 or no block at all
 */
export function parsePem(text: string): readonly PemBlock[] {
  const lines = text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .map(withoutBlanks);
  const blocks: PemBlock[] = [];
  let words: number | undefined;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as string;
    const label = begin.exec(line)?.[1];
    if (label === undefined) {
      if (isDamaged(line)) throw unexpected(line, i);
      if (line !== '') words ??= i;
      continue;
    }
    const last = endOf(lines, i + 1, label);
    blocks.push({ label, der: decodeBody(lines.slice(i + 1, last), i + 1) });
    i = last;
  }
  if (blocks.length === 0)
    throw words === undefined
      ? malformed('expected a PEM block, found none')
      : unexpected(lines[words] as string, words);
  return blocks;
}

/**
 * The text of a file that holds PEM: UTF-8, or UTF-16 with a mark, as the shell of Windows writes it. Words outside of blocks may be in
 * any encoding, and what is damaged inside of one is not base64.
 */
export function pemText(input: string | Uint8Array): string {
  if (typeof input === 'string') return input;
  const mark = `${input[0]} ${input[1]}`;
  const encoding = mark === '255 254' ? 'utf-16le' : mark === '254 255' ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(input);
}

const printable = (byte: number): boolean =>
  (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d;

/** Whether bytes are a text rather than DER: "0" is the tag of a SEQUENCE, but its length is not a character. */
export function isText(bytes: Uint8Array): boolean {
  return bytes[0] !== 0x30 || bytes.subarray(0, 16).every(printable);
}

/** A line without blanks and tabs around it; other white space of Unicode is not white space of a PEM text (RFC 7468, 3). */
function withoutBlanks(line: string): string {
  let [start, end] = [0, line.length];
  while (line[end - 1] === ' ' || line[end - 1] === '\t') end--;
  while (start < end && (line[start] === ' ' || line[start] === '\t')) start++;
  return line.slice(start, end);
}

/** What occurs only as a part of a block. */
function isDamaged(line: string): boolean {
  return /-----\s*(?:BEGIN|END)\b/.test(line) || /^[A-Za-z0-9+/]{60,}={0,2}$/.test(line);
}

function unexpected(line: string, index: number): PkiError {
  return malformed(`expected a PEM block at line ${index + 1}, found ${shapeOf(line)}`);
}

/**
 * What a line is that is not a beginning of a block, in words: it is never quoted. It may be a private key whose line breaks or first line
 * were lost on the way.
 */
function shapeOf(line: string): string {
  if (/-----BEGIN .*(?:\\n|\\r)/.test(line)) return 'a block with "\\n" in place of line breaks: put line breaks there';
  if (/-----BEGIN .*-----END /.test(line)) return 'a block on one line: its line breaks are missing';
  if (line.includes('\ufffd')) return 'bytes that are not UTF-8: expected PEM';
  if (/^["'`]/.test(line)) return 'a quotation mark: leave the marks around the text out';
  if (/-----BEGIN /.test(line)) return 'a block that does not begin the line';
  if (/^-----END /.test(line)) return 'the end of a block whose beginning is missing';
  if (/^\s*[{[]/.test(line)) return /"kty"/.test(line) ? 'a JWK: convert it to PEM' : 'JSON: expected PEM';
  if (/^(?:[0-9a-f]{2}[: ]?)+$/i.test(line)) return 'hexadecimal digits: expected PEM';
  if (/^[A-Za-z0-9+/_=-]+$/.test(line)) return 'base64 without the line "-----BEGIN …-----" before it';
  return 'other text';
}

const knownLabels: readonly string[] = [
  'CERTIFICATE',
  'CERTIFICATE REQUEST',
  'DSA PRIVATE KEY',
  'EC PARAMETERS',
  'EC PRIVATE KEY',
  'ENCRYPTED PRIVATE KEY',
  'OPENSSH PRIVATE KEY',
  'PKCS7',
  'PRIVATE KEY',
  'PUBLIC KEY',
  'RSA PRIVATE KEY',
  'RSA PUBLIC KEY',
  'X509 CRL',
];

/** A label as it may appear in a message: one that is known. Others are text of a stranger, or of a key. */
export function describeLabel(label: string): string {
  return knownLabels.includes(label) ? `"${label}"` : 'a block of another kind';
}

function endOf(lines: readonly string[], from: number, label: string): number {
  for (let i = from; i < lines.length; i++) {
    const line = lines[i] as string;
    if (!line.startsWith('-----')) continue;
    if (line === `-----END ${label}-----`) return i;
    break;
  }
  throw malformed(`expected the end of the PEM block that begins at line ${from}`);
}

function decodeBody(lines: readonly string[], line: number): Bytes {
  if (/^Proc-Type: *4, *ENCRYPTED/.test(lines[0] ?? ''))
    throw malformed(
      'this key is encrypted in the traditional way of OpenSSL, which protects little; convert it: openssl pkcs8 -topk8 -in <key file> -out key.p8',
    );
  try {
    return decodeBase64(lines.join(''));
  } catch {
    // No cause: that one quotes a piece of the text.
    throw malformed(`expected base64 in the PEM block that begins at line ${line}`);
  }
}

function malformed(message: string): PkiError {
  return new PkiError('ERR_PKI_CERTIFICATE', message);
}
