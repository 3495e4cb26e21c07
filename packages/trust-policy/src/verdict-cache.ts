import { type Cache, encodeHex, hash, singleFlight, utf8 } from '@notarykit/common';
import { canonicalRepository, type Descriptor, type Repository } from '@notarykit/oci';
import { recallReport, rememberReport } from './cached-report.js';
import { demandOf, storesOf } from './demand.js';
import type { TrustReport } from './report/report.js';
import { shareWork } from './shared-work.js';
import { type VerifyArtifactOptions, verifyArtifactSignatures } from './verify-artifact.js';
import { wholeSeconds } from './verify-signature.js';

/** Options of {@link createCachedVerifier}. */
export interface CachedVerifierOptions {
  /**
   * Reports by key, as JSON text: a Map-like store, Redis and the like. Whoever can write it can make artifacts trusted, unless it
   * is a `sealedCache`. With `add`, equal work in several processes is done once.
   */
  readonly cache: Cache<string>;
  /** A verdict is used again within one stretch of so many seconds, and never past its `validUntil`. Default 300. */
  readonly bucketSeconds?: number;
  /** Names the revocation checker and plugins in the key, where verifiers with different ones share a cache. */
  readonly salt?: string;
  /** How long to wait for the process that does the same, milliseconds; then it is done here. Default 30,000. */
  readonly waitMs?: number;
}

/** A verdict, fresh or remembered. */
export interface CachedVerdict {
  readonly verdict: 'trusted' | 'skipped';
  readonly descriptor: Descriptor;
  readonly report: TrustReport;
  readonly cached: boolean;
}

/** {@link verifyArtifactSignatures} with memory. */
export type CachedVerifier = (
  repository: Repository,
  descriptor: Descriptor,
  options: VerifyArtifactOptions,
) => Promise<CachedVerdict>;

/**
 * Remembers verdicts of trusted artifacts. The key covers everything that a verdict depends on: artifact, repository, policy,
 * content of the trust stores, metadata, limits and the stretch of time. A refusal is never remembered, for a signature may be
 * added at any moment. Equal work under way is done once. An entry that is not a report of this artifact under this policy costs a
 * verification, never a verdict.
 */
export function createCachedVerifier(options: CachedVerifierOptions): CachedVerifier {
  const { cache, bucketSeconds = 300, salt = '', waitMs = 30_000 } = options;
  const flight = singleFlight<CachedVerdict>();
  return async (repository, descriptor, trust) => {
    const time = wholeSeconds(trust.at ?? trust.now ?? new Date());
    const bucket = Math.floor(time.getTime() / 1000 / bucketSeconds);
    const key = await keyOf(repository, descriptor, trust, { time, bucket, salt });
    if (key === undefined) return fresh(repository, descriptor, trust);
    const expected = {
      repository: canonicalRepository(repository.name),
      descriptor,
      policyDigest: trust.policy.digest,
      time,
    };
    const recall = async (): Promise<CachedVerdict | undefined> => {
      const report = await recallReport(cache, key, expected);
      return report && { verdict: 'trusted', descriptor, report, cached: true };
    };
    // The work is everybody's who waits for it: it ends when the last of them has left.
    const work = async (signal: AbortSignal): Promise<CachedVerdict> => {
      const verdict = await fresh(repository, descriptor, { ...trust, signal });
      if (verdict.verdict === 'trusted') await rememberReport(cache, key, verdict.report, bucketSeconds * 1000);
      return verdict;
    };
    const share = async (signal: AbortSignal): Promise<CachedVerdict> =>
      (await recall()) ?? (await shareWork(cache, key, { waitMs, signal, recall, work: () => work(signal) }));
    return flight(key, share, trust.signal === undefined ? {} : { signal: trust.signal });
  };
}

async function fresh(...[repository, descriptor, options]: Parameters<CachedVerifier>): Promise<CachedVerdict> {
  const { verdict, report } = await verifyArtifactSignatures(repository, descriptor, options);
  return { verdict, descriptor, report, cached: false };
}

/** Nothing when a trust store cannot be read: then the verdict is computed, and its report says why. */
async function keyOf(
  repository: Repository,
  { mediaType, digest, size }: Descriptor,
  options: VerifyArtifactOptions,
  { time, bucket, salt }: { readonly time: Date; readonly bucket: number; readonly salt: string },
): Promise<string | undefined> {
  const { policy, scope = repository.name, statement: name, metadata = {}, maxSignatures = 100 } = options;
  const { examine = 'first' } = options;
  const demand = demandOf({ policy, statement: name, scope: canonicalRepository(scope), at: time });
  const stores: string[] = [];
  try {
    for (const { type, name: store, text } of storesOf(demand)) {
      const certificates = await options.trustStore.certificates(type, store);
      stores.push(text, ...certificates.map(({ fingerprint }) => fingerprint));
    }
  } catch {
    return undefined;
  }
  const plugins = (options.plugins ?? []).map((plugin) => plugin.name);
  const config = Object.entries(options.pluginConfig ?? {}).sort();
  const facts = [
    1,
    salt,
    repository.name,
    scope,
    mediaType,
    digest,
    size,
    policy.digest,
    demand.policy.statement,
    stores,
  ];
  const wanted = [
    Object.entries(metadata).sort(),
    maxSignatures,
    examine,
    plugins,
    config,
    options.revocation !== undefined,
    options.allowNonCriticalBasicConstraints === true,
  ];
  return `trust:${encodeHex(hash('sha256', utf8(JSON.stringify([...facts, ...wanted, bucket]))))}`;
}
