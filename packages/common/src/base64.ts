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
  if (rest === 1) refuse(kind, text, 'a length that no bytes have');
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  let group = 0;
  let offset = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const value = code < 128 ? (table[code] as number) : -1;
    if (value < 0) refuse(kind, text, `character ${quote(text.charAt(i))} at ${i}`);
    group = ((group << 6) | value) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[offset++] = (group >> bits) & 0xff;
    }
  }
  // Unused bits must be zero, else two texts would stand for the same bytes (RFC 4648, 3.5).
  if (bits > 0 && (group & ((1 << bits) - 1)) !== 0) refuse(kind, text, 'unused bits that are not zero');
  return bytes;
}

/** Base64 with padding (RFC 4648, 4). */
export function encodeBase64(bytes: Uint8Array): string {
  return encode(bytes, standard, true);
}

/**
 * Bytes of canonical base64 with padding (RFC 4648, 4): no white space, no other alphabet, unused bits zero.
 *
 * @throws {CodecError} `ERR_CODEC_BASE64`
 */
export function decodeBase64(text: string): Bytes {
  if (text.length % 4 !== 0) refuse('padded base64', text, 'a length that is no multiple of 4');
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return decode(text.slice(0, text.length - padding), standardTable, 'base64');
}

/** Base64url without padding (RFC 7515, 2). */
export function encodeBase64Url(bytes: Uint8Array): string {
  return encode(bytes, urlSafe, false);
}

/**
 * Bytes of canonical base64url without padding (RFC 7515, 2).
 *
 * @throws {CodecError} `ERR_CODEC_BASE64`
 */
export function decodeBase64Url(text: string): Bytes {
  return decode(text, urlTable, 'base64url');
}
