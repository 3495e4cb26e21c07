import { platformDecode, platformEncode } from '#platform';
import type { Bytes } from './bytes.js';
import { CodecError, quote } from './errors.js';

const standard = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const urlSafe = `${standard.slice(0, 62)}-_`;

function tableOf(alphabet: string): Int8Array {
  const table = new Int8Array(128).fill(-1);
  for (let i = 0; i < 64; i++) table[alphabet.charCodeAt(i)] = i;
  return table;
}

const standardTable = tableOf(standard);
const urlTable = tableOf(urlSafe);

function encode(bytes: Uint8Array, alphabet: string, pad: boolean): string {
  let text = '';
  let i = 0;
  for (; i + 2 < bytes.length; i += 3) {
    const group = ((bytes[i] as number) << 16) | ((bytes[i + 1] as number) << 8) | (bytes[i + 2] as number);
    text +=
      alphabet.charAt(group >> 18) +
      alphabet.charAt((group >> 12) & 63) +
      alphabet.charAt((group >> 6) & 63) +
      alphabet.charAt(group & 63);
  }
  const rest = bytes.length - i;
  if (rest === 0) return text;
  const group = ((bytes[i] as number) << 16) | ((bytes[i + 1] ?? 0) << 8);
  text += alphabet.charAt(group >> 18) + alphabet.charAt((group >> 12) & 63);
  if (rest === 2) text += alphabet.charAt((group >> 6) & 63);
  return pad ? text + '='.repeat(3 - rest) : text;
}

function refuse(kind: string, text: string, why: string): never {
  throw new CodecError('ERR_CODEC_BASE64', `expected ${kind}, found ${why} in ${quote(text)}`);
}

function decode(text: string, table: Int8Array, kind: string): Bytes {
  const rest = text.length % 4;
  if (rest === 1) refuse(kind, text, 'an impossible length');
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let offset = 0;
  const whole = text.length - rest;
  // Four characters at a time: envelopes are mostly base64, and this is the hot loop of reading one.
  for (let i = 0; i < whole; i += 4) {
    const group = groupAt(text, i, table);
    if (group < 0) refuseCharacter(kind, text, i, table);
    bytes[offset++] = group >> 16;
    bytes[offset++] = (group >> 8) & 0xff;
    bytes[offset++] = group & 0xff;
  }
  if (rest > 0) decodeRest(text, whole, table, kind, bytes, offset);
  return bytes;
}

/** The 24 bits of four characters; negative when one is not of the alphabet. */
function groupAt(text: string, i: number, table: Int8Array): number {
  const a = text.charCodeAt(i);
  const b = text.charCodeAt(i + 1);
  const c = text.charCodeAt(i + 2);
  const d = text.charCodeAt(i + 3);
  if ((a | b | c | d) > 127) return -1;
  return (
    ((table[a] as number) << 18) | ((table[b] as number) << 12) | ((table[c] as number) << 6) | (table[d] as number)
  );
}

/** The last two or three characters. */
function decodeRest(text: string, from: number, table: Int8Array, kind: string, bytes: Bytes, offset: number): void {
  const padded = `${text.slice(from)}AA`;
  const group = groupAt(padded, 0, table);
  if (group < 0) refuseCharacter(kind, text, from, table);
  const count = text.length - from - 1;
  // Unused bits must be zero, else two texts would stand for the same bytes (RFC 4648, 3.5).
  if ((group & (count === 1 ? 0xffff : 0xff)) !== 0) refuse(kind, text, 'unused bits that are not zero');
  bytes[offset] = group >> 16;
  if (count === 2) bytes[offset + 1] = (group >> 8) & 0xff;
}

function refuseCharacter(kind: string, text: string, from: number, table: Int8Array): never {
  let at = from;
  while ((table[text.charCodeAt(at)] ?? -1) >= 0) at++;
  refuse(kind, text, `character ${quote(text.charAt(at))} at ${at}`);
}

/** Base64 with padding (RFC 4648, 4). */
export function encodeBase64(bytes: Uint8Array): string {
  return platformEncode(bytes, 'base64') ?? encode(bytes, standard, true);
}

/**
 * Bytes of canonical base64 with padding (RFC 4648, 4): no white space, no other alphabet, unused bits zero.
 *
 * @throws {CodecError} `ERR_CODEC_BASE64`
 */
export function decodeBase64(text: string): Bytes {
  const fast = platformDecode(text, 'base64');
  if (fast !== undefined) return fast;
  if (text.length % 4 !== 0) refuse('padded base64', text, 'a length that is not a multiple of 4');
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return decode(text.slice(0, text.length - padding), standardTable, 'base64');
}

/** Base64url without padding (RFC 7515, 2). */
export function encodeBase64Url(bytes: Uint8Array): string {
  return platformEncode(bytes, 'base64url') ?? encode(bytes, urlSafe, false);
}

/**
 * Bytes of canonical base64url without padding (RFC 7515, 2).
 *
 * @throws {CodecError} `ERR_CODEC_BASE64`
 */
export function decodeBase64Url(text: string): Bytes {
  // What the platform did not take is read again here, strictly: for the bytes, or for the reason why not.
  return platformDecode(text, 'base64url') ?? decode(text, urlTable, 'base64url');
}
