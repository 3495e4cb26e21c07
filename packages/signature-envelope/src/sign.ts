import { type Bytes, defined, describeKind } from '@notarykit/common/internal';
import { encodeEnvelope } from './assemble.js';
import { authorityRules } from './certificate-requirements/chain.js';
import { countersign } from './countersign.js';
import { decodeEnvelope } from './decode.js';
import type { TargetArtifact, VerifiedEnvelope } from './envelope.js';
import { envelopeMediaTypes } from './envelope.js';
import { EnvelopeError, SignerError } from './errors.js';
import { generateEnvelope } from './generate-envelope.js';
import { verifyIntegrity } from './integrity.js';
import { signedMetadata } from './kind.js';
import { encodePayload } from './payload.js';
import type { SignEnvelopeOptions } from './sign-options.js';
import type { EnvelopeSigner, Signer } from './signer.js';
import { codedSigner } from './signers/ask-signer.js';

/** What {@link signEnvelope} made. */
export interface SignedEnvelope {
  readonly envelope: Bytes;
  readonly mediaType: string;
  /** The same envelope, decoded and verified. */
  readonly verified: VerifiedEnvelope;
  /** Annotations that an envelope-making signer wants on the signature manifest. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/**
 * Signs a target: payload, header, signature, timestamp. The result is decoded and verified like anybody's before it is
 * returned, so that a faulty signer fails here.
 *
 * @throws {SignerError} what the signer rejects with, as cause where it has no code; reasons `invalid-request`, `chain-mismatch`, `bad-signature`, `bad-signature-encoding`, `plugin`
 * @throws {EnvelopeError} `ERR_ENVELOPE_MALFORMED` for attributes that cannot be written, `ERR_ENVELOPE_TIME` for an expiry not after `now`
 *
 * @example
 * ```ts
 * const { envelope, mediaType } = await signEnvelope(descriptor, { signer, expiry: new Date('2030-01-01T00:00:00Z') });
 * ```
 */
export async function signEnvelope(target: TargetArtifact, options: SignEnvelopeOptions): Promise<SignedEnvelope> {
  options.signal?.throwIfAborted();
  checkOptions(options);
  const { signer, format = 'jws' } = options;
  const now = wholeSeconds(options.now ?? new Date());
  const payload = encodePayload(target, { metadata: signedMetadata(options) });
  const made = isEnvelopeSigner(signer)
    ? await generateEnvelope(signer, payload, { ...options, format, now })
    : { envelope: await encodeEnvelope(codedSigner(signer), payload, { ...options, format, now }) };
  const mediaType = envelopeMediaTypes[format];
  const verified = await verifyIntegrity(decodeEnvelope(made.envelope, mediaType), { now, ...authorityRules(options) });
  return { ...made, ...(await stamp(verified, options)), mediaType };
}

async function stamp(
  verified: VerifiedEnvelope,
  options: SignEnvelopeOptions,
): Promise<Pick<SignedEnvelope, 'envelope' | 'verified'>> {
  const { timestamper, timestampRoots: roots, timestampRevocation: revocation, signal } = options;
  if (timestamper === undefined || roots === undefined) return { envelope: verified.bytes, verified };
  const asking = defined({ revocation, signal });
  const stamped = await countersign(verified, { timestamper, roots, ...asking, ...authorityRules(options) });
  return { envelope: stamped.bytes, verified: stamped };
}

/** Whether a signer makes whole envelopes. */
export function isEnvelopeSigner(signer: Signer | EnvelopeSigner): signer is EnvelopeSigner {
  return typeof (signer as Partial<EnvelopeSigner> | undefined | null)?.signEnvelope === 'function';
}

function checkSigner(signer: SignEnvelopeOptions['signer']): void {
  const { describe, sign } = (signer ?? {}) as Partial<Signer>;
  if (isEnvelopeSigner(signer) || (typeof describe === 'function' && typeof sign === 'function')) return;
  const expected = 'expected a signer, with describe() and sign(), or one of envelopes, with signEnvelope()';
  throw new SignerError(`${expected}, found ${describeKind(signer)}`, { reason: 'invalid-request' });
}

function checkOptions(options: SignEnvelopeOptions): void {
  checkSigner(options.signer);
  checkDates(options);
  if ((options.timestamper === undefined) !== (options.timestampRoots === undefined))
    throw new EnvelopeError(
      'ERR_ENVELOPE_MALFORMED',
      'timestamper and timestampRoots go together: a token that is not trusted proves nothing',
    );
  if (options.timestamper !== undefined && options.scheme === 'notary.x509.signingAuthority')
    throw new EnvelopeError(
      'ERR_ENVELOPE_MALFORMED',
      'a timestamp belongs to scheme notary.x509 only: a signing authority vouches for the time itself',
    );
}

/** Callers without types may give a time as text. */
function checkDates({ now, expiry }: Pick<SignEnvelopeOptions, 'now' | 'expiry'>): void {
  for (const [name, date] of Object.entries({ now, expiry }))
    if (date !== undefined && typeof (date as Partial<Date> | null)?.getTime !== 'function')
      throw new EnvelopeError('ERR_ENVELOPE_TIME', `${name}: expected a Date, found ${describeKind(date)}`);
}

function wholeSeconds(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000);
}
