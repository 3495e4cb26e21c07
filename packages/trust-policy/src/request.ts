import { type CallOptions, defined, quote, type VerdictName } from '@notarykit/common/internal';
import { canonicalRepository, type Digest, type RepositoryName } from '@notarykit/oci/internal';
import type { RevocationChecker } from '@notarykit/pki/internal/core';
import { type AuthorityRules, authorityRules } from '@notarykit/signature-envelope/internal';
import { demandOf, storesOf } from './demand.js';
import type { TrustPolicy } from './document/policy.js';
import { TrustError } from './errors.js';
import type { ExtendedTrustPolicy } from './extended/policy.js';
import type { VerificationPlugin } from './plugins/plugin.js';
import { requireArtifactPolicy, requireStore, wrongOption } from './require.js';
import { type PinnedAnchors, pinAnchors } from './trust-store/pin.js';
import { type TrustOptions, wholeSeconds } from './verify-signature.js';

/** What a caller says of trust in an artifact. */
export interface ArtifactTrustOptions extends TrustOptions {
  readonly policy: TrustPolicy | ExtendedTrustPolicy;
  /** Stands for the repository's name when the statement is selected; for OCI layouts, which have none. */
  readonly scope?: string;
  /** The statement of this name applies, whatever its scopes say: for a gate whose own policy names statements. */
  readonly statement?: string;
  /** Stop as soon as enough is trusted (the default), or find all trusted signatures. */
  readonly examine?: 'first' | 'all';
  /** Most signatures that are examined; one more is an error. Default 100. */
  readonly maxSignatures?: number;
  /** Called for each signature that was judged. What it throws ends the verification. A cached verdict makes no calls. */
  readonly onSignature?: (judged: JudgedSignature) => void;
}

/** Progress of a verification: a signature that was judged. It is not the verdict on the artifact, which may need another signature. */
export interface JudgedSignature {
  readonly repository: RepositoryName;
  /** The manifest whose signatures are judged: the artifact, a manifest of an index, a piece of evidence. */
  readonly subject: Digest;
  /** The signature manifest; absent where the entry of the list cannot be read. */
  readonly signature?: Digest;
  /** For several signers of a policy: whether it is trusted for one of them. */
  readonly verdict: Exclude<VerdictName, 'skipped'>;
  /** Signatures of this subject that were judged so far, this one included. */
  readonly examined: number;
}

/** The times of a request. */
export interface RequestTime {
  /** The present time. */
  readonly now: Date;
  /** The date as of which is verified. */
  readonly at: Date;
  /** Whether the caller said so; else it is the clock's time. */
  readonly fixed: boolean;
}

/** Everything that a verdict on an artifact's signatures rests on, but for the artifact and the signatures. */
export interface TrustRequest extends Required<AuthorityRules> {
  readonly policy: TrustPolicy | ExtendedTrustPolicy;
  readonly statement?: string;
  /** What the verdict is about: reports name it. */
  readonly repository: RepositoryName;
  /** What the statement is selected by. */
  readonly scope: RepositoryName;
  readonly anchors: PinnedAnchors;
  readonly revocation?: RevocationChecker;
  readonly plugins: readonly VerificationPlugin[];
  readonly pluginConfig: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly time: RequestTime;
  readonly examine: 'first' | 'all';
  readonly maxSignatures: number;
  readonly onSignature?: (judged: JudgedSignature) => void;
}

/**
 * The request that options amount to: the statement is selected, the stores that it names are read, and the time is read from the
 * clock unless it is given. What the caller changes in its options from here on changes nothing.
 *
 * @param repository - the name of the repository in which the artifact is
 * @param time - where several requests are decided at one time; else that of the options
 * @throws {TrustError} `ERR_TRUST_NO_STATEMENT`
 */
export async function trustRequest(
  options: ArtifactTrustOptions,
  repository: string,
  time: RequestTime = requestTime(options),
  call: CallOptions = {},
): Promise<TrustRequest> {
  const { policy, statement, revocation, trustStore, onSignature } = options;
  const name = canonicalRepository(repository);
  const scope = options.scope === undefined ? name : canonicalRepository(options.scope);
  requireArtifactPolicy(policy);
  const named = storesOf(demandOf({ policy, statement, scope, at: wholeSeconds(time.at) }));
  return Object.freeze({
    policy,
    ...defined({ statement }),
    repository: name,
    scope,
    anchors: await pinAnchors(requireStore(trustStore), named, call),
    ...defined({ revocation }),
    ...authorityRules(options),
    plugins: Object.freeze([...(options.plugins ?? [])]),
    pluginConfig: Object.freeze({ ...options.pluginConfig }),
    metadata: Object.freeze({ ...options.metadata }),
    time: inWholeSeconds(time),
    examine: options.examine ?? 'first',
    maxSignatures: checkedLimit(options.maxSignatures ?? 100),
    ...(onSignature === undefined ? {} : { onSignature: checkedListener(onSignature) }),
  });
}

/** The times that options amount to; the clock is read where they name none. */
export function requestTime({ now, at }: Pick<TrustOptions, 'now' | 'at'>): RequestTime {
  const present = copyOf(now ?? new Date());
  return Object.freeze({ now: present, at: copyOf(at ?? present), fixed: now !== undefined || at !== undefined });
}

/** Dates can be changed by their maker. What is not a date stays as it is, and is refused. */
function copyOf(date: Date): Date {
  return date instanceof Date ? new Date(date) : date;
}

/** Every check of one request uses the same time. */
function inWholeSeconds({ now, at, fixed }: RequestTime): RequestTime {
  return Object.freeze({ now: wholeSeconds(now), at: wholeSeconds(at), fixed });
}

/** Anything but a function would fail in the middle of a verification. */
function checkedListener<T>(onSignature: T): T {
  if (typeof onSignature === 'function') return onSignature;
  throw wrongOption('onSignature', 'a function', onSignature);
}

/** A limit that is not a number would never be reached. */
function checkedLimit(maxSignatures: number): number {
  if (Number.isSafeInteger(maxSignatures) && maxSignatures >= 0) return maxSignatures;
  const message = `maxSignatures: expected a whole number from 0, found ${quote(String(maxSignatures))}`;
  throw new TrustError('ERR_TRUST_POLICY', message, { detail: { rule: 'limit', member: 'maxSignatures' } });
}
