import { type CallOptions, defined } from '@notarykit/common/internal';
import type { Descriptor, Reference, Repository } from '@notarykit/oci/internal';
import {
  decideVerdict,
  type GateOptions,
  gate,
  type KeptVerdict,
  keptOf,
  openGraph,
  type Trust,
  type VerdictOptions,
  type VerdictRequest,
  verdictRequest,
  viewIdentity,
} from 'notarykit/internal';
import type { ImageContext } from '../verdict.js';
import type { CachedImageVerifierOptions, ImageRequest, TenantContext } from './cached.js';
import { createRegistryGuard, type RegistryGuard, type RegistryGuardOptions } from './registry-guard.js';
import { keptOfError, verdictOf } from './verdict-of.js';

/** What a cluster trusts. */
export interface ClusterPolicy {
  /** Trust policy, trust store, and how revocation is found out. */
  readonly trust: Trust;
  /** What an image must have besides a trusted signature: scans, packages, licences. Default nothing. */
  readonly gate?: Omit<GateOptions, 'trust' | 'signal'>;
  /**
   * Of an image index, which a node runs one platform of: the index (the default), the manifests in it that can run, or both must be
   * signed. An image that is not an index is judged by its own signatures.
   */
  readonly platforms?: VerdictOptions['platforms'];
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

/** What a {@link createCachedImageVerifier} needs to decide by Notary Project signatures. */
export type VerifierCore = Pick<CachedImageVerifierOptions, 'resolve' | 'request'>;

/**
 * Decides about images with `verify`, and with `gate` where there is a policy for it. Refusals have stable codes:
 * `NO_SIGNATURE`, `NO_TRUSTED_SIGNATURE`, `NO_APPLICABLE_POLICY`, `GATE_DENIED`, `IMAGE_NOT_FOUND`, `REGISTRY_UNAVAILABLE`…
 *
 * Verdicts are remembered where everything that they depend on has a name: see `VerdictRequest.uncacheable` for what has none.
 *
 * @example
 * ```ts
 * const verify = createCachedImageVerifier({
 *   ...verifyWith({
 *     policy: { trust: { policy, trustStore, revocation } },
 *     open: ({ registry, repository }) => createRegistry({ registry, credentials }).repository(repository),
 *   }),
 * });
 * ```
 */
export function verifyWith(options: VerifyWithOptions): VerifierCore {
  return verifyBehind(createRegistryGuard(options), options);
}

/** The same behind a guard that others share. */
export function verifyBehind(
  guard: RegistryGuard,
  options: Omit<VerifyWithOptions, keyof RegistryGuardOptions>,
): VerifierCore {
  const { open, policy: given } = options;
  return {
    resolve: ({ reference }, context) =>
      guard(reference.registry, async () => {
        const name = reference.digest ?? reference.tag ?? 'latest';
        return (await openGraph(await open(reference, context)).resolve(name, callOf(context))).descriptor;
      }),
    request: async ({ reference }, descriptor, context) => {
      const policy = typeof given === 'function' ? given(context) : given;
      try {
        const repository = await open(reference, context);
        const asked = await requestOf(repository, descriptor, policy, context);
        return guarded(asked, (work) => guard(reference.registry, work));
      } catch (error) {
        context.signal?.throwIfAborted();
        return verdictOf(error);
      }
    },
  };
}

const callOf = ({ signal }: ImageContext): CallOptions => defined({ signal });

/** What fails is not a verdict: it says why, and is not remembered. */
function guarded(
  { request, decide }: ImageRequest,
  guard: (work: () => Promise<KeptVerdict>) => Promise<KeptVerdict>,
): ImageRequest {
  return {
    request,
    decide: async (call) => {
      try {
        return await guard(() => decide(call));
      } catch (error) {
        return keptOfError(error);
      }
    },
  };
}

async function requestOf(
  repository: Repository,
  descriptor: Descriptor,
  { trust, gate: evidence, platforms = 'index' }: ClusterPolicy,
  context: TenantContext,
): Promise<ImageRequest> {
  const view = viewIdentity(repository);
  const { tenant } = context;
  const asked: VerdictOptions = { trust, platforms, tenant, ...callOf(context) };
  if (evidence?.rescan !== undefined) {
    const signed = await verdictRequest(view, { descriptor }, atOneTime(asked, evidence));
    checkStores(signed);
    return rescanning(repository, signed, (call) => gate(repository, descriptor, { ...evidence, ...call, trust }));
  }
  const request = await verdictRequest(
    view,
    { descriptor },
    evidence === undefined ? asked : withGate(asked, evidence),
  );
  checkStores(request);
  return { request, decide: async (call) => keptOf(await decideVerdict(openGraph(repository), request, call)) };
}

/** A store that cannot be read is the cluster's trouble and not the image's: it has its own code. */
function checkStores({ trust, gate: evidence }: VerdictRequest): void {
  const requests = [...(trust === undefined ? [] : [trust]), ...(evidence?.signers.values() ?? [])];
  for (const { anchors } of requests) if (anchors.problem !== undefined) throw anchors.problem.error;
}

type Evidence = NonNullable<ClusterPolicy['gate']>;

/** Every option of the gate is handed on: one that was left out here would be set and have no effect. */
function withGate(asked: VerdictOptions, { now, ...evidence }: Evidence): VerdictOptions {
  return { ...atOneTime(asked, { now }), gate: { ...evidence, trust: asked.trust as Trust } };
}

/** Signatures and evidence are judged at one time. A clock of the caller's own is read once, and what it said is a part of what is asked. */
function atOneTime(asked: VerdictOptions, { now }: { readonly now?: Evidence['now'] | undefined }): VerdictOptions {
  const trust = asked.trust as Trust;
  const fixed = now instanceof Date ? now : undefined;
  const moment = typeof now === 'function' ? now() : undefined;
  return {
    ...asked,
    trust: fixed === undefined ? trust : { ...trust, now: fixed },
    ...(moment === undefined ? {} : { time: { now: moment, at: trust.at ?? moment, fixed: true } }),
  };
}

/** A hook that makes a scan is asked each time: its request has no digest. */
function rescanning(
  repository: Repository,
  { subject, time, ...rest }: VerdictRequest,
  scan: (call: CallOptions) => Promise<unknown>,
): ImageRequest {
  return {
    request: { subject, time },
    decide: async (call) => {
      const kept = keptOf(await decideVerdict(openGraph(repository), { subject, time, ...rest }, call));
      if (kept.verdict === 'trusted' || kept.verdict === 'skipped') await scan(call);
      return kept;
    },
  };
}
