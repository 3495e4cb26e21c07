import { type Bytes, equalBytes } from '@notarykit/common';
import { type Certificate, parseCertificate } from '@notarykit/pki';

/** Verifiers meet the same few chains over and over; parsing and key import are a large part of what a signature costs. */
const capacity = 256;
const parsed = new Map<number, Certificate>();

/**
 * The certificate of these bytes, parsed once. What was parsed before is found by its last bytes, a piece of the issuer's
 * signature, and taken only when *all* bytes are equal: a collision costs a parse and nothing else.
 */
export function parseCached(der: Bytes): Certificate {
  const key = fingerprint(der);
  const hit = parsed.get(key);
  if (hit !== undefined && equalBytes(hit.der, der)) return hit;
  const certificate = parseCertificate(der);
  if (parsed.size >= capacity) for (const oldest of parsed.keys()) if (parsed.delete(oldest)) break;
  parsed.set(key, certificate);
  return certificate;
}

function fingerprint(der: Uint8Array): number {
  let value = 0;
  for (let i = Math.max(0, der.length - 6); i < der.length; i++) value = value * 256 + (der[i] as number);
  return value;
}
