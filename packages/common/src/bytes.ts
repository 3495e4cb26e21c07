import { CodecError, describeKind } from './errors.js';

/**
 * Bytes backed by an ordinary buffer, as WebCrypto takes them: `Uint8Array<ArrayBuffer>`, and `Uint8Array` for TypeScript before 5.7,
 * which has no parameter there.
 */
export type Bytes = ReturnType<Uint8Array['slice']>;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 bytes of a text. */
export function utf8(text: string): Bytes {
  return encoder.encode(text) as Bytes;
}

/**
 * Text of UTF-8 bytes, decoded strictly (RFC 3629): overlong forms, surrogates and stray bytes are refused, a byte
 * order mark stays in the text.
 *
 * @throws {CodecError} `ERR_CODEC_UTF8`
 */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new CodecError('ERR_CODEC_UTF8', 'expected UTF-8, found bytes that are not', { cause });
  }
}

/**
 * Reads the class name of a typed array. No other object can imitate it, and arrays of another realm (a worker, a test runner), which are
 * not instances of this realm's class, have it, too.
 */
const kindOfArray = Reflect.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)
  ?.get as (this: unknown) => string | undefined;

/** Whether a value is bytes, of this realm or another. */
export function isBytes(value: unknown): value is Uint8Array {
  return kindOfArray.call(value) === 'Uint8Array';
}

/**
 * The value, if it is bytes. A text in their place would not fail by itself: typed arrays read every character of it as 0, and
 * `node:crypto` hashes it.
 *
 * @param what names the value in the message; its content is never shown
 * @throws {CodecError} `ERR_CODEC_BYTES`
 */
export function requireBytes(value: unknown, what: string): Uint8Array {
  if (isBytes(value)) return value;
  throw new CodecError('ERR_CODEC_BYTES', `${what}: expected bytes (Uint8Array), found ${describeKind(value)}`);
}

/**
 * The value, if it is text.
 *
 * @param what names the value in the message; its content is never shown
 * @throws {CodecError} `ERR_CODEC_TEXT`
 */
export function requireText(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  throw new CodecError('ERR_CODEC_TEXT', `${what}: expected a string, found ${describeKind(value)}`);
}

/** One array of several. */
export function concatBytes(parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** A copy that shares no memory. `slice` makes none of a Buffer: what is changed in one is changed in the other. */
export function copyBytes(bytes: Uint8Array): Bytes {
  return new Uint8Array(bytes);
}

/** Whether two arrays hold the same bytes. Not constant in time: for public values only. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

const hexDigits: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Lower-case hexadecimal digits of bytes. */
export function encodeHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += hexDigits[byte];
  return text;
}
