import { type Bytes, copyBytes, decodeBase64, encodeBase64, equalBytes } from '@notarykit/common/internal';
import { type Certificate, parseCertificate } from '@notarykit/pki/internal/core';

/** Verifiers meet the same few chains over and over; parsing and key import are a large part of what a signature costs. */
const capacity = 256;

interface Entry {
  readonly certificate: Certificate;
  /** The certificate as `x5c` holds it; our own text, so that no envelope is kept alive by it. */
  readonly text: string;
}

/** By the last six bytes, a piece of the issuer's signature: a collision costs a parse and nothing else. */
const parsed = new Map<number, Entry>();

/** The certificate of these bytes. One seen before is taken only when *all* bytes are equal. */
export function certificateOf(der: Uint8Array): Certificate {
  const known = parsed.get(keyOf(der))?.certificate;
  return known !== undefined && equalBytes(known.der, der) ? known : parseAndKeep(copyBytes(der));
}

/** The certificate of canonical base64 text. One seen before is taken only when the *whole* text is equal. */
export function certificateOfText(text: string): Certificate {
  const tail = text.length < 12 ? undefined : decodeBase64(text.slice(-12));
  const known = tail === undefined ? undefined : parsed.get(keyOf(tail));
  return known !== undefined && known.text === text ? known.certificate : certificateOf(decodeBase64(text));
}

function parseAndKeep(der: Bytes): Certificate {
  const certificate = parseCertificate(der);
  if (parsed.size >= capacity) for (const oldest of parsed.keys()) if (parsed.delete(oldest)) break;
  parsed.set(keyOf(der), { certificate, text: encodeBase64(der) });
  return certificate;
}

function keyOf(der: Uint8Array): number {
  let value = 0;
  for (let i = Math.max(0, der.length - 6); i < der.length; i++) value = value * 256 + (der[i] as number);
  return value;
}
