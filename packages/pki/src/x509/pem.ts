import { type Bytes, decodeBase64, encodeBase64, quote } from '@notarykit/common';
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
 * The blocks of a PEM text (RFC 7468): nothing but blocks and blank lines, LF or CRLF, blanks at the end of a line ignored,
 * base64 canonical.
 *
 * @throws {PkiError} `ERR_PKI_CERTIFICATE` for text between blocks, a block without end, bad base64 or no block at all
 */
export function parsePem(text: string): readonly PemBlock[] {
  const lines = text.split(/\r?\n/);
  const blocks: PemBlock[] = [];
  for (let i = 0; i < lines.length; i++) {
    const line = withoutBlanks(lines[i] as string);
    if (line === '') continue;
    const label = begin.exec(line)?.[1];
    if (label === undefined) throw malformed(`expected a PEM block at line ${i + 1}, found ${quote(line)}`);
    const last = endOf(lines, i + 1, label);
    blocks.push({ label, der: decodeBody(lines.slice(i + 1, last), i + 1) });
    i = last;
  }
  if (blocks.length === 0) throw malformed('expected a PEM block, found none');
  return blocks;
}

/** A line without blanks and tabs at its end; other white space of Unicode is not white space of a PEM text (RFC 7468, 3). */
function withoutBlanks(line: string): string {
  let end = line.length;
  while (line[end - 1] === ' ' || line[end - 1] === '\t') end--;
  return line.slice(0, end);
}

function endOf(lines: readonly string[], from: number, label: string): number {
  for (let i = from; i < lines.length; i++) {
    if (!(lines[i] as string).startsWith('-----')) continue;
    if (withoutBlanks(lines[i] as string) === `-----END ${label}-----`) return i;
    break;
  }
  throw malformed(`expected the end of the PEM block ${quote(label)} that begins at line ${from}`);
}

function decodeBody(lines: readonly string[], line: number): Bytes {
  try {
    return decodeBase64(lines.map(withoutBlanks).join(''));
  } catch (cause) {
    throw malformed(`expected base64 in the PEM block that begins at line ${line}`, cause);
  }
}

function malformed(message: string, cause?: unknown): PkiError {
  return new PkiError('ERR_PKI_CERTIFICATE', message, cause === undefined ? {} : { cause });
}
