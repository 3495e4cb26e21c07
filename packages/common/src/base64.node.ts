import { Buffer } from 'node:buffer';
import type { Bytes } from './bytes.js';

/** The two alphabets of RFC 4648. */
export type Base64Kind = 'base64' | 'base64url';

/** The text of bytes, with padding for `base64` only; `undefined` where the platform has no faster way. */
export function platformEncode(bytes: Uint8Array, kind: Base64Kind): string | undefined {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(kind);
}

/**
 * The bytes of canonical text, `undefined` for any other: Node decodes leniently, so its answer counts only when encoding it
 * gives the same text again.
 */
export function platformDecode(text: string, kind: Base64Kind): Bytes | undefined {
  const bytes = Buffer.from(text, kind);
  return bytes.toString(kind) === text ? new Uint8Array(bytes) : undefined;
}
