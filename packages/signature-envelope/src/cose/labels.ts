/** Registered labels of COSE headers that Notary envelopes use (RFC 9052, 3.1; RFC 9360, 2). */
export const labels = { algorithm: 1, critical: 2, contentType: 3, x5chain: 33 } as const;

/** Tag of COSE_Sign1 (RFC 9052, 4.2). */
export const sign1Tag = 18;

/** Tag of a time as seconds since 1970 (RFC 8949, 3.4.2). */
export const epochTag = 1;
