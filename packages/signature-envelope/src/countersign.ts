import { type CallOptions, defined } from '@notarykit/common/internal';
import {
  type Certificate,
  type CertificateStatus,
  formatName,
  PkiError,
  type RevocationChecker,
  type Timestamper,
} from '@notarykit/pki/internal/core';
import type { VerifiedTimestamp } from '@notarykit/pki/internal/timestamp';
import { type AuthorityRules, authorityRules } from './certificate-requirements/chain.js';
import { codecOf } from './codec.js';
import { decodeEnvelope } from './decode.js';
import { envelopeMediaTypes, type VerifiedEnvelope } from './envelope.js';
import { EnvelopeError } from './errors.js';
import { verifyIntegrity } from './integrity.js';
import { verifyEnvelopeTimestamp } from './verify-timestamp.js';

/** Options of {@link countersign}. */
export interface CountersignOptions extends CallOptions, AuthorityRules {
  readonly timestamper: Timestamper;
  /** Trusted certificates of timestamping authorities. */
  readonly roots: readonly Certificate[];
  /** Asks whether a certificate of the authority is revoked; without it revocation is not checked. */
  readonly revocation?: RevocationChecker;
  /** When the authority's certificates must be valid. Default now. */
  readonly now?: Date;
}

/**
 * Adds an RFC 3161 countersignature over an envelope's signature (signature-specification.md, "Unsigned Attributes"). The token is
 * verified before it is added: imprint, signer, path to a root, the rules for timestamping chains, and, when a checker is
 * given, revocation; a token that no verifier accepts is useless.
 *
 * @throws {EnvelopeError} `ERR_ENVELOPE_MALFORMED` when the scheme knows no countersignature or there is one already;
 *   `ERR_ENVELOPE_CHAIN`, `ERR_ENVELOPE_TIME`
 * @throws {PkiError} what the timestamper rejects with, and `ERR_PKI_TIMESTAMP`
 */
export async function countersign(envelope: VerifiedEnvelope, options: CountersignOptions): Promise<VerifiedEnvelope> {
  checkCountersignable(envelope);
  const { timestamper, signal, now = new Date() } = options;
  const token = await timestamper.timestamp(envelope.signature, envelope.algorithm.hash, defined({ signal }));
  const timestamp = await verifyEnvelopeTimestamp(token, envelope.signature, {
    hash: envelope.algorithm.hash,
    roots: options.roots,
    at: now,
    ...authorityRules(options),
  });
  checkRange(envelope.certificateChain, timestamp);
  await checkRevocation(timestamp.certificateChain, options, now);
  const bytes = codecOf(envelope.format).addTimestamp(envelope.bytes, token);
  return verifyIntegrity(decodeEnvelope(bytes, envelopeMediaTypes[envelope.format]), authorityRules(options));
}

function checkCountersignable(envelope: VerifiedEnvelope): void {
  if (envelope.signedAttributes.signingScheme !== 'notary.x509')
    throw new EnvelopeError('ERR_ENVELOPE_MALFORMED', 'a countersignature belongs to scheme "notary.x509" only');
  if (envelope.unsignedAttributes.timestampSignature !== undefined)
    throw new EnvelopeError('ERR_ENVELOPE_MALFORMED', 'the envelope has a countersignature already');
}

/** The stamped time, accuracy included, lies in the validity of every signing certificate. */
function checkRange(chain: readonly Certificate[], { earliest, latest }: VerifiedTimestamp): void {
  const outside = chain.find(({ notBefore, notAfter }) => earliest < notBefore || latest > notAfter);
  if (outside !== undefined)
    throw new EnvelopeError(
      'ERR_ENVELOPE_TIME',
      `timestamp ${earliest.toISOString()} to ${latest.toISOString()} is outside the validity of certificate "${formatName(outside.subject)}"`,
    );
}

async function checkRevocation(
  chain: readonly Certificate[],
  { revocation, signal }: CountersignOptions,
  now: Date,
): Promise<void> {
  if (revocation === undefined) return;
  const statuses = await revocation.check(chain, signal === undefined ? { now } : { now, signal });
  const bad = statuses.find(({ status }) => status !== 'good' && status !== 'notRevocable');
  if (bad !== undefined) throw refuseStatus(bad);
}

function refuseStatus({ certificate, status }: CertificateStatus): PkiError {
  const found = status === 'revoked' ? 'is revoked' : 'has an unknown revocation status';
  return new PkiError('ERR_PKI_TIMESTAMP', `timestamping certificate "${formatName(certificate.subject)}" ${found}`);
}
