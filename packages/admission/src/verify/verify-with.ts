import { encodeHex, hash, utf8 } from '@notarykit/common';
import type { Digest, Reference, Repository } from '@notarykit/oci';
import { type GateOptions, gate, resolveArtifact, type Trust, verify } from 'notarykit';
import type { ImageContext, ImageVerdict } from '../review/verdict.js';
import type { CachedVerifierOptions } from './cached.js';
import { createRegistryGuard, type RegistryGuardOptions } from './registry-guard.js';
import { verdictOf } from './verdict-of.js';

/** What a cluster trusts. */
export interface ClusterPolicy {
  /** Trust policy, trust store, and how revocation is found out. */
  readonly trust: Trust;
  /** What an image must have besides a trusted signature: scans, packages, licences. Default nothing. */
  readonly gate?: Omit<GateOptions, 'trust' | 'signal'>;
}

/** Options of {@link verifyWith}. */
export interface VerifyWithOptions extends ClusterPolicy, RegistryGuardOptions {
  /** The repository of an image, with the credentials that belong to it. */
  readonly open: (reference: Reference) => Repository | Promise<Repository>;
  /** Read for each verification, in place of `trust` and `gate`: a reload is seen whole or not at all. */
  readonly reload?: () => ClusterPolicy;
}

/** What a {@link cachedVerifier} needs to decide by Notary Project signatures. */
export type VerifierCore = Pick<CachedVerifierOptions, 'resolve' | 'verify' | 'policyKey'>;

/**
 * Decides about images with `verify`, and with `gate` where there is a policy for it. Refusals have stable codes:
 * `NO_SIGNATURE`, `NO_TRUSTED_SIGNATURE`, `NO_APPLICABLE_POLICY`, `GATE_DENIED`, `IMAGE_NOT_FOUND`, `REGISTRY_UNAVAILABLE`…
 *
 * @example
 * ```ts
 * const verify = cachedVerifier({
 *   ...verifyWith({
 *     trust: { policy, trustStore, revocation },
 *     open: ({ registry, repository }) => createRegistry({ registry, credentials }).repository(repository),
 *   }),
 * });
 * ```
 */
export function verifyWith(options: VerifyWithOptions): VerifierCore {
  const guard = createRegistryGuard(options);
  const current = options.reload ?? ((): ClusterPolicy => options);
  return {
    resolve: ({ reference }, call) =>
      guard(reference.registry, async () => {
        const repository = await options.open(reference);
        const name = reference.digest ?? reference.tag ?? 'latest';
        return (await resolveArtifact(repository, name, call)).descriptor.digest;
      }),
    verify: async ({ reference }, digest, context) => {
      try {
        return await guard(reference.registry, async () =>
          decide(await options.open(reference), digest, current(), context),
        );
      } catch (error) {
        return verdictOf(error);
      }
    },
    policyKey: () => policyKeyOf(current()),
  };
}

async function decide(
  repository: Repository,
  digest: Digest,
  { trust, gate: evidence }: ClusterPolicy,
  { signal }: ImageContext,
): Promise<ImageVerdict> {
  const call = signal === undefined ? {} : { signal };
  const verdict = await verify(repository, digest, { ...trust, ...call });
  if (evidence !== undefined) await gate(repository, digest, { ...evidence, ...call, trust });
  const { statement } = verdict.report.policy;
  if (verdict.verdict === 'skipped') {
    return { outcome: 'skipped', digest, code: 'SKIPPED', message: `the statement ${statement} verifies nothing` };
  }
  const { validUntil } = verdict.report;
  return {
    outcome: 'trusted',
    digest,
    code: 'TRUSTED',
    message: `signed as the statement ${statement} demands`,
    ...(validUntil === undefined ? {} : { validUntil: new Date(validUntil.time) }),
  };
}

/** Digest over all that verdicts rest on: the policies, and the certificates of every trust store that they name. */
async function policyKeyOf({ trust, gate: evidence }: ClusterPolicy): Promise<string> {
  const stores = trust.policy.statements.flatMap((statement) => statement.trustStores);
  const anchors = await Promise.all(
    stores.map(async ({ type, name, text }) => [
      text,
      ...(await trust.trustStore.certificates(type, name)).map(({ fingerprint }) => fingerprint),
    ]),
  );
  const parts = [trust.policy.digest, anchors, trust.revocation !== undefined, evidence?.policy.digest ?? null];
  return encodeHex(hash('sha256', utf8(JSON.stringify(parts))));
}
