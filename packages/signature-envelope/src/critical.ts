import { quote } from '@notarykit/common/internal';
import type { VerifiedEnvelope } from './envelope.js';
import { EnvelopeError } from './errors.js';

/**
 * Checks that every critical extended attribute was processed by someone who understands it (signature-specification.md,
 * "Extended attributes"): a verification must not succeed otherwise.
 *
 * @param processed names of the attributes that a verifier was registered for, processed, and said so
 * @throws {EnvelopeError} `ERR_ENVELOPE_CRITICAL`
 */
export function checkCriticalAttributes(
  envelope: VerifiedEnvelope,
  processed: ReadonlySet<string | number> = new Set(),
): void {
  for (const { key, critical } of envelope.signedAttributes.extended) {
    if (critical && !processed.has(key))
      throw new EnvelopeError('ERR_ENVELOPE_CRITICAL', `critical attribute ${quote(key)} was not processed`);
  }
}
