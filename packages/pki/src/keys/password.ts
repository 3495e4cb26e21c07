import { type Bytes, copyBytes, requireBytes, utf8 } from '@notarykit/common/internal';

/** A password as text (UTF-8), or as the bytes that it stands for. */
export type Password = string | Uint8Array;

/** The bytes that PKCS #5 derives keys from (RFC 8018: UTF-8 by convention). */
export function pkcs5Password(password: Password): Bytes {
  return typeof password === 'string' ? utf8(password) : copyBytes(requireBytes(password, 'a password'));
}

/**
 * The bytes that PKCS #12 derives keys from: UTF-16 big-endian with a final NUL (RFC 7292, B.1). An empty password is written
 * in two ways, with and without the NUL.
 */
export function pkcs12Passwords(password: Password): readonly Bytes[] {
  const text = typeof password === 'string' ? password : new TextDecoder().decode(requireBytes(password, 'a password'));
  const bytes = new Uint8Array((text.length + 1) * 2);
  for (let i = 0; i < text.length; i++) {
    bytes[2 * i] = text.charCodeAt(i) >> 8;
    bytes[2 * i + 1] = text.charCodeAt(i) & 0xff;
  }
  return text === '' ? [bytes, new Uint8Array()] : [bytes];
}
