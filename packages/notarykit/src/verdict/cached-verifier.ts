import { type GraphView, openGraph } from '@notarykit/artifact-graph/internal';
import { type Cache, defined } from '@notarykit/common/internal';
import type { Descriptor, Repository } from '@notarykit/oci/internal';
import type { TrustReport } from '@notarykit/trust-policy/internal';
import { callOptions } from '../reference.js';
import type { VerifyOptions } from '../verify.js';
import { createVerdictCache } from './cache.js';
import { checkVerdict, keptOf } from './check-verdict.js';
import { decideVerdict } from './decide.js';
import { verdictRequest } from './request.js';

/** Options of {@link createCachedVerifier}. */
export interface CachedVerifierOptions {
  /**
   * Verdicts by key, as JSON text: a Map-like store, Redis and the like. Anyone who can write it can make artifacts trusted, unless it
   * is a `sealedCache`. With `add`, equal work in several processes is done once. Default: 10,000 verdicts in memory.
   */
  readonly cache?: Cache<string>;
  /** A verdict is used again for so many seconds at most, and never past its `validUntil`. Default 300. */
  readonly bucketSeconds?: number;
  /** Keeps verifiers apart that share a cache, those of different credentials for instance. */
  readonly salt?: string;
  /** How long to wait for the process that does the same, milliseconds; then it is done here. Default 5,000: well under the deadline of an admission. */
  readonly waitMs?: number;
}

/** A verdict, fresh or remembered. */
export interface CachedVerdict {
  readonly verdict: 'trusted' | 'skipped';
  readonly descriptor: Descriptor;
  /** On the artifact's own signatures; with `platforms: 'children'` on those of the first manifest in it. */
  readonly report: TrustReport;
  readonly cached: boolean;
}

/** `verify` of an artifact that is resolved already, with memory. Over a view that is open already, nothing is read twice. */
export type CachedVerifier = (
  repository: Repository,
  descriptor: Descriptor,
  options: VerifyOptions,
  view?: GraphView,
) => Promise<CachedVerdict>;

/**
 * Remembers verdicts of trusted artifacts by the digest of the request, which covers everything that a verdict depends on. A request
 * that has no digest is verified each time: a repository without `source`, a revocation checker or plugin without `identity`, a trust
 * store that cannot be read. A refusal is never remembered, for a signature may be added at any moment.
 *
 * @throws {TrustError} as `verify`
 */
export function createCachedVerifier(options: CachedVerifierOptions = {}): CachedVerifier {
  const { cache, bucketSeconds = 300, salt = '', waitMs } = options;
  const verdicts = createVerdictCache({
    ...defined({ cache }),
    trustedTtlMs: bucketSeconds * 1000,
    ...defined({ waitMs }),
  });
  return async (repository, descriptor, { platforms = 'index', ...trust }, view = openGraph(repository)) => {
    const call = callOptions(trust);
    const request = await verdictRequest(view, { descriptor }, { ...call, trust, platforms, tenant: salt });
    const found = await verdicts.ask(
      request,
      async (signal) => keptOf(checkVerdict(await decideVerdict(view, request, { signal }))),
      call,
    );
    const { verdict, report, cached } = found;
    // A refusal has been thrown by the work; only these two are ever kept without one.
    return { verdict: verdict as CachedVerdict['verdict'], descriptor, report: report as TrustReport, cached };
  };
}
