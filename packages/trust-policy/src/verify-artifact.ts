import type { Descriptor, Repository } from '@notarykit/oci';
import type { TrustPolicy } from './document/policy.js';
import type { TrustReport } from './report/report.js';
import { selectNamedStatement, selectStatement } from './select.js';
import { SignatureSearch } from './signature-search.js';
import type { SignatureOutcome, TrustOptions } from './verify-signature.js';

/** Options of {@link verifyArtifactSignatures}. */
export interface VerifyArtifactOptions extends TrustOptions {
  readonly policy: TrustPolicy;
  /** Stands for the repository's name when the statement is selected; for OCI layouts, which have none. */
  readonly scope?: string;
  /** The statement of this name applies, whatever its scopes say: for a gate whose own policy names statements. */
  readonly statement?: string;
  /** Stop at the first trusted signature (the default), or find all of them. */
  readonly examine?: 'first' | 'all';
  /** Most signatures that are examined; one more is an error. Default 100. */
  readonly maxSignatures?: number;
}

/** A signature that made an artifact trusted. */
export interface TrustedSignature extends SignatureOutcome {
  readonly trusted: true;
  /** The signature manifest. */
  readonly manifest: Descriptor;
}

/** A trusted artifact: the digest of `descriptor` is what was verified. */
export interface TrustedArtifact {
  readonly verdict: 'trusted';
  readonly descriptor: Descriptor;
  readonly signature: TrustedSignature;
  /** Every trusted signature that was found: more than one only with `examine: 'all'`. */
  readonly signatures: readonly TrustedSignature[];
  readonly report: TrustReport;
}

/** The policy says to verify nothing: not trusted, and not refused. */
export interface SkippedArtifact {
  readonly verdict: 'skipped';
  readonly descriptor: Descriptor;
  readonly report: TrustReport;
}

/**
 * Verifies that an artifact has a signature which the policy trusts: lists its signatures, judges one after the other, and
 * stops at the first trusted one. A signature that cannot be read is noted and the next one tried. Level `skip` asks the
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
  const { policy, statement, scope = repository.name } = options;
  const selection = statement === undefined ? selectStatement(policy, scope) : selectNamedStatement(policy, statement);
  const search = new SignatureSearch(repository, descriptor, selection, options);
  if (selection.statement.level.base === 'skip')
    return { verdict: 'skipped', descriptor, report: search.report('skipped') };
  const trusted: TrustedSignature[] = [];
  for await (const referrer of repository.referrers(descriptor, search.listing)) {
    // What was found so far stands; the report says that there is more.
    if (search.full && trusted.length > 0) break;
    const signature = await search.examine(referrer);
    if (signature !== undefined) trusted.push(signature);
    if (signature !== undefined && options.examine !== 'all') break;
  }
  const [signature] = trusted;
  if (signature === undefined) throw search.refusal();
  return {
    verdict: 'trusted',
    descriptor,
    signature,
    signatures: trusted,
    report: search.report('trusted', search.cutShort),
  };
}
