import { isCodedError, type NonEmpty } from '@notarykit/common/internal';
import type { Digest } from '@notarykit/oci/internal';
import type { EvidenceSignature } from '../evidence/evidence.js';
import type { SummaryPolicy } from '../policy/document.js';
import { readSummary, type SummaryGrounds, type VerificationSummary } from './statement.js';

/** A summary whose artifact a signer of `summary.signedBy` has signed, as the trust policy says now. */
export interface SignedSummary {
  /** The artifact. */
  readonly manifest: Digest;
  readonly signatures: NonEmpty<EvidenceSignature>;
  /** The statement. */
  readonly bytes: Uint8Array;
}

/** What a summary must match so that the gate need not be run again. */
export interface AcceptVsaOptions {
  /** The image. */
  readonly digest: Digest;
  /** Where the image is: repository and digest. */
  readonly resourceUri: string;
  readonly policy: SummaryPolicy;
  /** Digest of the policy document in force. */
  readonly policyDigest: Digest;
  /** Digest of what is asked now; a summary of anything else does not count. */
  readonly request: string;
  readonly now: Date;
  /** Digests of revoked summaries, or of images all of whose summaries are revoked. */
  readonly revoked?: readonly Digest[];
}

/** A summary that takes the place of a decision. */
export interface AcceptedSummary {
  readonly accepted: true;
  readonly manifest: Digest;
  readonly signatures: NonEmpty<EvidenceSignature>;
  readonly verifier: string;
  readonly timeVerified: Date;
  /** Until when it counts: by the end that it states, and by its age. */
  readonly validUntil: Date;
  readonly platforms: NonEmpty<{ readonly platform: string; readonly digest: Digest }>;
  readonly grounds: SummaryGrounds;
}

/** Whether a summary takes the place of a decision, and why not. */
export type VsaOutcome = AcceptedSummary | { readonly accepted: false; readonly reason: string };

/**
 * Judges the verification summaries of an image that are signed as the policy asks. It accepts the newest one that is about this image
 * at this place, is made by a verifier that the policy names, is about the same request and is not too old; unless one that does not
 * say "passed" is as new or newer, or one cannot be read: in doubt the gate runs. Pure: nothing is read, and nothing is thrown.
 */
export function acceptVsa(summaries: readonly SignedSummary[], options: AcceptVsaOptions): VsaOutcome {
  const refuse = (reason: string): VsaOutcome => ({ accepted: false, reason });
  const { revoked = [], digest } = options;
  if (revoked.includes(digest)) return refuse('summaries of this image are revoked');
  const reasons: string[] = [];
  const doubts: Date[] = [];
  let newest: AcceptedSummary | undefined;
  for (const signed of summaries) {
    const summary = readQuietly(signed.bytes);
    if (typeof summary === 'string') return refuse(`${signed.manifest} cannot be read: ${summary}`);
    if (!summary.passed && summary.timeVerified === undefined) return refuse(`${signed.manifest} says no time`);
    if (!summary.passed) doubts.push(summary.timeVerified as Date);
    const outcome = judge(signed, summary, options);
    if (!outcome.accepted) reasons.push(`${signed.manifest}: ${outcome.reason}`);
    else if (newest === undefined || outcome.timeVerified > newest.timeVerified) newest = outcome;
  }
  if (newest === undefined) return refuse(reasons.join('; ') || 'no summary is signed as the policy asks');
  const { timeVerified } = newest;
  if (doubts.some((time) => time >= timeVerified)) return refuse('a summary that says "failed" is as new or newer');
  return newest;
}

function readQuietly(bytes: Uint8Array): VerificationSummary | string {
  try {
    return readSummary(bytes);
  } catch (error) {
    if (isCodedError(error)) return error.message;
    throw error;
  }
}

function judge(
  { manifest, signatures }: SignedSummary,
  summary: VerificationSummary,
  options: AcceptVsaOptions,
): VsaOutcome {
  const { policy, now, revoked = [] } = options;
  const refuse = (reason: string): VsaOutcome => ({ accepted: false, reason });
  const { verifier = '', timeVerified, grounds } = summary;
  if (revoked.includes(manifest)) return refuse('it is revoked');
  if (!summary.subjects.includes(options.digest)) return refuse('it is about another image');
  if (summary.resourceUri !== options.resourceUri) return refuse('it is about an image at another place');
  if (!policy.verifiers.includes(verifier)) return refuse('it is of a verifier that the policy does not name');
  if (summary.policy !== options.policyDigest) return refuse('it was made under another policy');
  if (!summary.passed) return refuse('it does not say that a gate passed');
  if (grounds === undefined) return refuse('it does not say what was asked');
  if (grounds.request !== options.request) return refuse('it is about another request, or of other code');
  const [first, ...more] = grounds.platforms;
  if (first === undefined) return refuse('it names no platform');
  if (timeVerified === undefined) return refuse('it says no time');
  if (timeVerified > now) return refuse('it is from the future');
  const validUntil = new Date(Math.min(timeVerified.getTime() + policy.maxAge, grounds.validUntil.getTime()));
  if (!(now < validUntil)) return refuse('it is too old');
  if (!areSigned(signatures, now)) return refuse('its signatures have ended');
  const platforms: AcceptedSummary['platforms'] = [first, ...more];
  return { accepted: true, manifest, signatures, verifier, timeVerified, validUntil, platforms, grounds };
}

/** A signature that has expired does not count, even where the trust policy only logs it. */
function areSigned(signatures: readonly EvidenceSignature[], now: Date): boolean {
  return signatures.every(({ expiry }) => expiry === undefined || expiry > now);
}
