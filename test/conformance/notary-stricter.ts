/**
 * Envelopes that the Go libraries accept and this SDK refuses, with the code: what the specification forbids, or what two
 * readers could see differently. Each is a row of docs/parity.md.
 */
export const stricterEnvelopes: Readonly<Record<string, string>> = {
  'spec-neg-unknown-critical.jws.json': 'ERR_ENVELOPE_CRITICAL',
  'spec-neg-unknown-critical.cose': 'ERR_ENVELOPE_CRITICAL',
  'jws-payload-case.json': 'ERR_ENVELOPE_MALFORMED',
  'jws-payload-dup-keys.json': 'ERR_CODEC_JSON',
  'jws-alg-dup.json': 'ERR_CODEC_JSON',
  'jws-crit-b64-false.json': 'ERR_ENVELOPE_MALFORMED',
  'jws-crit-dup-ext.json': 'ERR_ENVELOPE_CRITICAL',
  'jws-sig-newline.json': 'ERR_CODEC_BASE64',
  'jws-sig-trailing-bits.json': 'ERR_CODEC_BASE64',
  'jws-extra-toplevel.json': 'ERR_ENVELOPE_MALFORMED',
  'jws-expiry-zero-not-crit.json': 'ERR_ENVELOPE_TIME',
  'jws-pss-salt-20.json': 'ERR_ENVELOPE_INTEGRITY',
  'jws-pss-salt-222.json': 'ERR_ENVELOPE_INTEGRITY',
  'cose-x509-with-authentic.cose': 'ERR_ENVELOPE_MALFORMED',
  'cose-sa-with-signingTime.cose': 'ERR_ENVELOPE_MALFORMED',
  'cose-crit-dup.cose': 'ERR_ENVELOPE_CRITICAL',
  'cose-crit-signingTime.cose': 'ERR_ENVELOPE_CRITICAL',
  'cose-crit-label3.cose': 'ERR_ENVELOPE_CRITICAL',
  'cose-time-negative.cose': 'ERR_ENVELOPE_TIME',
};

/** Chains likewise, for code signing. */
export const stricterChains: Readonly<Record<string, string>> = {
  'self-eku-any.pem': 'ERR_ENVELOPE_CHAIN',
  'self-eku-codesign-any.pem': 'ERR_ENVELOPE_CHAIN',
  'self-rsa2047.pem': 'ERR_ENVELOPE_ALGORITHM',
  'chain-root-bc-noncritical.pem': 'ERR_ENVELOPE_CHAIN',
};
