/**
 * Registered labels of COSE headers (RFC 9052, 3.1; RFC 9338, 3; RFC 9596, 2; RFC 9360, 2). Notary envelopes use algorithm,
 * critical, content type and x5chain.
 */
export const labels = {
  algorithm: 1,
  critical: 2,
  contentType: 3,
  keyId: 4,
  iv: 5,
  partialIv: 6,
  countersignature: 7,
  countersignature0: 9,
  countersignatureV2: 11,
  countersignature0V2: 12,
  type: 16,
  x5chain: 33,
} as const;

/** Tag of COSE_Sign1 (RFC 9052, 4.2). */
export const sign1Tag = 18;

/** Tag of a time as seconds since 1970 (RFC 8949, 3.4.2). */
export const epochTag = 1;
