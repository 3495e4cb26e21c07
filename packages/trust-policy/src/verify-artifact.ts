import type { CallOptions, NonEmpty } from '@notarykit/common';
import type { Descriptor, Repository } from '@notarykit/oci';
import { decideTrust } from './decide-trust.js';
import { checkTrusted, type TrustedSignature } from './decision.js';
import type { CountedSigner } from './extended/signers.js';
import { readCandidates } from './read-candidates.js';
import type { TrustReport } from './report/report.js';
import { type ArtifactTrustOptions, trustRequest } from './request.js';

/** Options of {@link verifyArtifactSignatures}. */
export interface VerifyArtifactOptions extends ArtifactTrustOptions {}

/** A trusted artifact: the digest of `descriptor` is what was verified. */
export interface TrustedArtifact {
  readonly verdict: 'trusted';
  readonly descriptor: Descriptor;
  readonly signature: TrustedSignature;
  /** Every trusted signature that was found: more than were needed only with `examine: 'all'`. */
  readonly signatures: NonEmpty<TrustedSignature>;
  /** The signers that count, each with the signature that makes it count. */
  readonly signers: NonEmpty<CountedSigner>;
  readonly report: TrustReport;
}

/** The policy says to verify nothing: not trusted, and not refused. */
export interface SkippedArtifact {
  readonly verdict: 'skipped';
  readonly descriptor: Descriptor;
  readonly report: TrustReport;
}

/**
 * Verifies that an artifact has the signatures which the policy demands: lists its signatures, judges one after the other, and
 * stops when enough is trusted. A signature that cannot be read is noted and the next one tried. Level `skip` asks the
 * repository nothing and is its own verdict.
 *
 * @param descriptor - what a tag or digest was resolved to, once; the verdict is about exactly this
 * @throws {TrustError} `ERR_TRUST_NO_STATEMENT`, `ERR_TRUST_NO_SIGNATURE`, `ERR_TRUST_TOO_MANY_SIGNATURES`,
 *   `ERR_TRUST_NOT_VERIFIED`; the last three carry the report. Errors of the repository while listing pass through.
 *
 * @example
 * ```ts
 * const descriptor = await repository.resolve('v1');
 * const verdict = await verifyArtifactSignatures(repository, descriptor, { policy, trustStore, revocation });
 * console.log(explain(verdict.report));
 * ```
 */
export async function verifyArtifactSignatures(
  repository: Repository,
  descriptor: Descriptor,
  options: VerifyArtifactOptions,
): Promise<TrustedArtifact | SkippedArtifact> {
  const call: CallOptions = options.signal === undefined ? {} : { signal: options.signal };
  const request = await trustRequest(options, repository.name, call);
  const candidates = readCandidates(repository, descriptor, call);
  const decision = checkTrusted(await decideTrust(descriptor, candidates, request, call));
  const { report } = decision;
  if (decision.verdict === 'skipped') return { verdict: 'skipped', descriptor, report };
  const { signatures, signers } = decision;
  return { verdict: 'trusted', descriptor, signature: signatures[0], signatures, signers, report };
}
