import { parseTimestampToken } from '@notarykit/pki/timestamp';
import type { UnverifiedEnvelope, VerifiedEnvelope } from './envelope.js';
import { type EnvelopeInspection, inspectEnvelopeWith } from './inspect-with.js';

/**
 * Facts of an envelope for people, equal in content to `notation inspect --output json`. Of an envelope that was not verified
 * these are claims: show them, decide nothing by them.
 */
export function inspectEnvelope(envelope: UnverifiedEnvelope | VerifiedEnvelope): EnvelopeInspection {
  return inspectEnvelopeWith(envelope, parseTimestampToken);
}
