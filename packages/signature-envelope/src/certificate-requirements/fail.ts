import { quote } from '@notarykit/common/internal';
import { type Certificate, formatName } from '@notarykit/pki/internal/core';
import { EnvelopeError } from '../errors.js';

/** A certificate of a chain breaks a rule; says which one. */
export function failChain(certificate: Certificate, why: string): EnvelopeError {
  return new EnvelopeError('ERR_ENVELOPE_CHAIN', `certificate ${quote(formatName(certificate.subject))}: ${why}`);
}
