import type { CallOptions } from '@notarykit/common/internal';
import { type AuthorityRules, authorityRules, codeSigningChecks } from './certificate-requirements/chain.js';
import type { TargetArtifact, UnverifiedEnvelope, VerifiedEnvelope } from './envelope.js';
import { EnvelopeError } from './errors.js';
import { unexpected } from './failures.js';
import { decodePayload, payloadMediaType } from './payload.js';
import { type Checks, runChecks } from './signature-checks.js';

/** Options of {@link verifyIntegrity}. */
export interface VerifyIntegrityOptions extends AuthorityRules, CallOptions {
  /** The time of the check. Only an authentic signing time is compared with it. Default now. */
  readonly now?: Date;
}

/** How far ahead of ours the clock of a signing authority may be. */
const maxSkewMs = 5 * 60 * 1000;

/**
 * Verifies an envelope's signature with the leaf's key, the rules for its chain, and its payload. What comes back is what the
 * holder of that key signed; whether that holder is trusted is another question, and so are expiry, revocation and
 * critical extended attributes (see {@link checkCriticalAttributes}).
 *
 * @throws {EnvelopeError} `ERR_ENVELOPE_INTEGRITY`, `_CHAIN`, `_ALGORITHM`, `_MALFORMED`, `_TIME`, `_LIMIT`
 * @throws {CodecError} when the payload breaks the JSON profile
 */
export async function verifyIntegrity(
  envelope: UnverifiedEnvelope,
  options: VerifyIntegrityOptions = {},
): Promise<VerifiedEnvelope> {
  await runChecks(integrityChecks(envelope, options), options);
  checkAuthenticTime(envelope.signedAttributes.authenticSigningTime, options.now);
  return asVerified(envelope, decodePayload(envelope.payload));
}

/** In the order of their verdicts: the first that fails is the one that is reported. */
function* integrityChecks(envelope: UnverifiedEnvelope, options: AuthorityRules): Checks {
  // The signature first: whatever else is reported is then about what the key holder signed.
  yield* envelopeSignature(envelope);
  const { contentType } = envelope.signedAttributes;
  if (contentType !== payloadMediaType) throw unexpected('content type', `"${payloadMediaType}"`, contentType);
  yield* codeSigningChecks(envelope.certificateChain, authorityRules(options));
}

/** Member by member: only what an envelope has comes along, whatever else the object that was given carried. */
function asVerified(envelope: UnverifiedEnvelope, targetArtifact: TargetArtifact): VerifiedEnvelope {
  return {
    verified: true,
    format: envelope.format,
    bytes: envelope.bytes,
    payload: envelope.payload,
    signedAttributes: envelope.signedAttributes,
    unsignedAttributes: envelope.unsignedAttributes,
    certificateChain: envelope.certificateChain,
    algorithm: envelope.algorithm,
    signature: envelope.signature,
    signedBytes: envelope.signedBytes,
    targetArtifact,
  };
}

function* envelopeSignature(envelope: UnverifiedEnvelope): Checks {
  const { algorithm, signature, signedBytes, certificateChain } = envelope;
  const [leaf] = certificateChain;
  if (leaf === undefined)
    throw new EnvelopeError('ERR_ENVELOPE_CHAIN', 'expected at least one certificate in the envelope, found none');
  // Exact: an RSA signature with a leading zero, or r and s of another size, would be a second form of the same signature.
  if (signature.length !== algorithm.signatureLength)
    throw new EnvelopeError(
      'ERR_ENVELOPE_INTEGRITY',
      `signature: expected ${algorithm.signatureLength} bytes for ${algorithm.jws}, found ${signature.length}`,
    );
  yield {
    question: {
      publicKey: leaf.publicKey,
      scheme: algorithm.type === 'rsa' ? 'rsassa-pss' : 'ecdsa',
      hash: algorithm.hash,
      data: signedBytes,
      signature,
    },
    refusal: (valid) => (valid ? undefined : falseSignature()),
  };
}

function falseSignature(): EnvelopeError {
  return new EnvelopeError(
    'ERR_ENVELOPE_INTEGRITY',
    'the signature does not match the key of the leaf certificate and the signed bytes',
  );
}

function checkAuthenticTime(time: Date | undefined, now: Date | undefined): void {
  if (time === undefined) return;
  // Under this scheme the time decides about the validity of certificates, so one from the future would outlive them.
  if (time.getTime() > (now ?? new Date()).getTime() + maxSkewMs)
    throw new EnvelopeError('ERR_ENVELOPE_TIME', `authentic signing time ${time.toISOString()} lies in the future`);
}
