import { type CallOptions, encodeHex, hash, utf8 } from '@notarykit/common';
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
export interface VerifyWithOptions extends RegistryGuardOptions {
  /**
   * What is trusted, or a function that says so for each image: of what it returns a reload is seen whole or not at all, and
   * it may differ by namespace.
   */
  readonly policy: ClusterPolicy | ((context: ImageContext) => ClusterPolicy);
  /** The repository of an image, with the credentials that belong to it. Credentials by namespace need a `tenant`. */
  readonly open: (reference: Reference, context: ImageContext) => Repository | Promise<Repository>;
}

/** What a {@link cachedVerifier} needs to decide by Notary Project signatures. */
export type VerifierCore = Pick<CachedVerifierOptions, 'resolve' | 'policy'>;

/**
 * Decides about images with `verify`, and with `gate` where there is a policy for it. Refusals have stable codes:
 * `NO_SIGNATURE`, `NO_TRUSTED_SIGNATURE`, `NO_APPLICABLE_POLICY`, `GATE_DENIED`, `IMAGE_NOT_FOUND`, `REGISTRY_UNAVAILABLE`…
 *
 * @example
 * ```ts
 * const verify = cachedVerifier({
 *   ...verifyWith({
 *     policy: { trust: { policy, trustStore, revocation } },
 *     open: ({ registry, repository }) => createRegistry({ registry, credentials }).repository(repository),
 *   }),
 * });
 * ```
 */
export function verifyWith(options: VerifyWithOptions): VerifierCore {
  const guard = createRegistryGuard(options);
  const { open, policy: given } = options;
  return {
    resolve: ({ reference }, context) =>
      guard(reference.registry, async () => {
        const name = reference.digest ?? reference.tag ?? 'latest';
        return (await resolveArtifact(await open(reference, context), name, callOf(context))).descriptor.digest;
      }),
    policy: async (context) => {
      const policy = await freeze(typeof given === 'function' ? given(context) : given);
      return {
        key: policy.key,
        async verify({ reference }, digest, asked) {
          try {
            return await guard(reference.registry, async () =>
              decide(await open(reference, asked), digest, policy, asked),
            );
          } catch (error) {
            return verdictOf(error);
          }
        },
      };
    },
  };
}

const callOf = ({ signal }: ImageContext): CallOptions => (signal === undefined ? {} : { signal });

async function decide(
  repository: Repository,
  digest: Digest,
  { trust, gate: evidence }: ClusterPolicy,
  context: ImageContext,
): Promise<ImageVerdict> {
  const call = callOf(context);
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

/**
 * The policy as it is now: with the certificates of every trust store that it names, which are not read again for a verdict
 * that is kept under this key, and a digest over all that verdicts rest on.
 */
async function freeze({ trust, gate: evidence }: ClusterPolicy): Promise<ClusterPolicy & { readonly key: string }> {
  const names = trust.policy.statements.flatMap((statement) =>
    'demanded' in statement
      ? statement.demanded.flatMap((signer) => signer.statement.trustStores)
      : statement.trustStores,
  );
  const stores = new Map<string, Awaited<ReturnType<Trust['trustStore']['certificates']>>>();
  for (const { type, name, text } of names)
    if (!stores.has(text)) stores.set(text, await trust.trustStore.certificates(type, name));
  const anchors = [...stores].map(([text, certificates]) => [text, ...certificates.map((each) => each.fingerprint)]);
  const parts = [trust.policy.digest, anchors, trust.revocation !== undefined, evidence?.policy.digest ?? null];
  const trustStore: Trust['trustStore'] = {
    certificates: async (type, name, call) =>
      stores.get(`${type}:${name}`) ?? trust.trustStore.certificates(type, name, call),
  };
  return {
    key: encodeHex(hash('sha256', utf8(JSON.stringify(parts)))),
    trust: { ...trust, trustStore },
    ...(evidence === undefined ? {} : { gate: evidence }),
  };
}
