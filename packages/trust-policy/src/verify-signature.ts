import { type CallOptions, defined, quote, RuntimeError, untilAborted } from '@notarykit/common/internal';
import type { RevocationChecker } from '@notarykit/pki/internal/core';
import {
  type AuthorityRules,
  authorityRules,
  decodeEnvelope,
  signatureKindKey,
  type VerifiedEnvelope,
  verifyIntegrity,
} from '@notarykit/signature-envelope/internal';
import type { TrustStatement } from './document/policy.js';
import { TrustError } from './errors.js';
import { askPlugin, checkNoCritical, wantedCapabilities } from './plugins/ask.js';
import { type ChosenPlugin, choosePlugin } from './plugins/lookup.js';
import type { VerificationPlugin } from './plugins/plugin.js';
import { errorFact } from './report/error-fact.js';
import type { SignatureReport } from './report/report.js';
import type { TrustStore } from './trust-store.js';
import { checkAuthenticTimestamp } from './validations/authentic-timestamp.js';
import { checkAuthenticity } from './validations/authenticity.js';
import { type Check, type Context, failed } from './validations/check.js';
import { checkExpiry } from './validations/expiry.js';
import { createRecorder, type Recorder } from './validations/recorder.js';
import { checkRevocation } from './validations/revocation.js';
import { checkTarget, checkUserMetadata, type ExpectedTarget } from './validations/target.js';

/** What a verification rests on, the same for every signature of an artifact. */
export interface TrustOptions extends CallOptions, AuthorityRules {
  readonly trustStore: TrustStore;
  /** Without one, revocation counts as not checked: a failure unless the level logs or skips it. */
  readonly revocation?: RevocationChecker;
  /** The present time. Default: the clock, read once. */
  readonly now?: Date;
  /** Verify as of this date: every check uses it, and only evidence of that date counts. Default `now`. */
  readonly at?: Date;
  /** Metadata that the signature must carry with these values. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** The only plugins that a signature can reach. */
  readonly plugins?: readonly VerificationPlugin[];
  /** Passed on to plugins. */
  readonly pluginConfig?: Readonly<Record<string, string>>;
}

/** Options of {@link verifySignature}. */
export interface VerifySignatureOptions extends TrustOptions {
  /** Media type of the envelope. */
  readonly mediaType: string;
  /** The statement that applies; level `skip` verifies nothing and is refused here. */
  readonly statement: TrustStatement;
  /** What the signature must be about; a function is given the envelope first (a blob's digest depends on its hash). */
  readonly target: ExpectedTarget | ((envelope: VerifiedEnvelope) => Promise<ExpectedTarget>);
}

/** The verdict on one signature. */
export interface SignatureOutcome {
  /** No enforced validation failed. */
  readonly trusted: boolean;
  readonly report: SignatureReport;
  /** Present when integrity holds, also for signatures that are not trusted. */
  readonly envelope?: VerifiedEnvelope;
}

/**
 * Judges one signature envelope under a statement: integrity, authenticity, expiry, authentic timestamp, revocation,
 * plugins, target and metadata, each with the action that the level gives it. Resolves for every input; only an abort, or
 * a statement of level `skip`, rejects.
 *
 * @throws {TrustError} `ERR_TRUST_POLICY` for a statement of level `skip`
 */
export async function verifySignature(
  envelope: Uint8Array,
  options: VerifySignatureOptions,
): Promise<SignatureOutcome> {
  if (options.statement.level.base === 'skip') {
    throw new TrustError('ERR_TRUST_POLICY', 'level "skip" verifies no signatures', {
      detail: { rule: 'level', statement: options.statement.name },
    });
  }
  const recorder = createRecorder(options.mediaType, options.statement.level.actions);
  // The clock is read once: a check that read it again could see another side of an expiry.
  const time = wholeSeconds(options.at ?? options.now ?? new Date());
  const verified = await readEnvelope(envelope, options, time, recorder);
  if (verified === undefined) return { trusted: false, report: recorder.report() };
  const context: Context = {
    envelope: verified,
    statement: options.statement,
    trustStore: options.trustStore,
    revocation: options.revocation,
    time,
    authorities: authorityRules(options),
    ...defined({ signal: options.signal }),
  };
  await judge(context, options, recorder);
  const report = recorder.report(verified);
  return { trusted: report.verdict === 'trusted', report, envelope: verified };
}

/**
 * Every check of one operation uses one time, in whole seconds.
 *
 * @throws {TrustError} `ERR_TRUST_POLICY` for an invalid date: nothing would be before or after it
 */
export function wholeSeconds(date: Date): Date {
  if (!(date instanceof Date) || Number.isNaN(date.getTime()))
    throw new TrustError('ERR_TRUST_POLICY', `expected a valid date as "now" and "at", found ${quote(String(date))}`, {
      detail: { rule: 'type', member: 'now, at' },
    });
  return new Date(Math.floor(date.getTime() / 1000) * 1000);
}

async function readEnvelope(
  bytes: Uint8Array,
  options: VerifySignatureOptions,
  now: Date,
  recorder: Recorder,
): Promise<VerifiedEnvelope | undefined> {
  try {
    // The media type of the descriptor chooses the format. Guessing from the bytes would let one blob be two envelopes.
    const decoded = decodeEnvelope(bytes, options.mediaType);
    const call: CallOptions = defined({ signal: options.signal });
    const verified = await untilAborted(
      verifyIntegrity(decoded, { now, ...authorityRules(options), ...call }),
      options.signal,
    );
    recorder.record('integrity', { message: `the signature is valid: ${verified.algorithm.jws}, payload unchanged` });
    return verified;
  } catch (error) {
    options.signal?.throwIfAborted();
    // The platform lacks what it takes to judge: that says nothing about the envelope.
    if (error instanceof RuntimeError) throw error;
    recorder.record('integrity', failed({ fact: 'envelopeRefused', ...errorFact(error) }));
    return undefined;
  }
}

/** The steps in the order of notation: an enforced failure ends the verification, a logged one does not. */
async function judge(context: Context, options: VerifySignatureOptions, recorder: Recorder): Promise<void> {
  const call: CallOptions = defined({ signal: options.signal });
  // A signature that names a plugin is never judged without it, at any level (plugin-extensibility.md, "Verification Plugin").
  const chosen = await choosePlugin(context.envelope.signedAttributes, options.plugins ?? [], call);
  if (chosen !== undefined && 'fact' in chosen) {
    recorder.record('plugin', failed(chosen));
    return;
  }
  const revocationSkipped = context.statement.level.actions.revocation === 'skip';
  const wanted = chosen === undefined ? [] : wantedCapabilities(chosen, revocationSkipped);
  const steps: readonly (() => Promise<void> | void)[] = [
    async () =>
      recorder.record(
        'authenticity',
        await checkAuthenticity(context, wanted.includes('SIGNATURE_VERIFIER.TRUSTED_IDENTITY')),
      ),
    () => recorder.record('expiry', checkExpiry(context)),
    async () => recorder.record('authenticTimestamp', await checkAuthenticTimestamp(context)),
    async () => recorder.record('revocation', await revocationCheck(context, wanted)),
    () => recordPlugin(context, chosen, wanted, options, recorder),
    async () => recorder.record('target', await targetCheck(context.envelope, options)),
    () => recordMetadata(context.envelope, options, recorder),
  ];
  for (const step of steps) {
    options.signal?.throwIfAborted();
    await step();
    // Later checks fetch from URLs that the certificates name, so they must not run for a chain that is not trusted.
    if (recorder.refused()) return;
  }
}

async function revocationCheck(context: Context, wanted: readonly string[]): Promise<Check> {
  if (context.statement.level.actions.revocation === 'skip') return { skipped: 'the statement skips revocation' };
  if (wanted.includes('SIGNATURE_VERIFIER.REVOCATION_CHECK')) return { skipped: 'left to the plugin' };
  return checkRevocation(context);
}

async function recordPlugin(
  context: Context,
  chosen: ChosenPlugin | undefined,
  wanted: Parameters<typeof askPlugin>[2],
  options: VerifySignatureOptions,
  recorder: Recorder,
): Promise<void> {
  if (chosen === undefined || wanted.length === 0) {
    const check = checkNoCritical(context);
    if (chosen !== undefined || check.fact !== undefined) recorder.record('plugin', check);
    return;
  }
  const checks = await askPlugin(context, chosen, wanted, options.pluginConfig ?? {});
  recorder.record('plugin', checks.plugin);
  // The plugin's answer replaces the result of the built-in check, and keeps the action that the level gives it.
  if (checks.identity !== undefined) recorder.amend('authenticity', checks.identity);
  if (checks.revocation !== undefined) recorder.amend('revocation', checks.revocation);
}

async function targetCheck(envelope: VerifiedEnvelope, { target, signal }: VerifySignatureOptions): Promise<Check> {
  try {
    return checkTarget(envelope.targetArtifact, typeof target === 'function' ? await target(envelope) : target);
  } catch (error) {
    signal?.throwIfAborted();
    return failed({ fact: 'signatureUnavailable', ...errorFact(error) });
  }
}

/** What the caller requires, and the kind that the policy does: neither takes the place of the other. */
function recordMetadata(
  envelope: VerifiedEnvelope,
  { metadata = {}, statement: { kind } }: VerifySignatureOptions,
  recorder: Recorder,
): void {
  // Pairs in a list, not an object: the kind that the policy demands must not overwrite what the caller demands, nor the reverse.
  const required: [string, string][] = Object.entries(metadata);
  if (kind !== undefined) required.push([signatureKindKey, kind]);
  if (required.length > 0) recorder.record('userMetadata', checkUserMetadata(envelope.targetArtifact, required));
}
