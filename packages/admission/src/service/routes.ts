import { canonicalRepository } from '@notarykit/oci';
import type { Image } from '../images/image.js';
import type { ImageContext, ImageVerdict, VerifyImage } from '../review/verdict.js';
import { type CachedVerifierOptions, cachedVerifier } from '../verify/cached.js';
import { outsideStatements } from '../verify/outside.js';
import { createRegistryGuard } from '../verify/registry-guard.js';
import { type ClusterPolicy, type VerifyWithOptions, verifyBehind } from '../verify/verify-with.js';
import { checkAllowList, isAllowed } from './allow-list.js';
import type { VerificationRoutes } from './handler.js';

/** What a verification service decides by. */
export interface VerificationRoutesOptions
  extends VerifyWithOptions,
    Omit<CachedVerifierOptions, 'resolve' | 'request' | 'tenant'> {
  /**
   * Registries and repositories that may be asked about, `registry.example.com` or `registry.example.com/team`, with all below them; an
   * official image of Docker Hub is `docker.io/library/nginx`.
   * Default: those that a statement of the trust policy is about, which for the scope `*` are all.
   */
  readonly allow?: readonly string[];
}

/**
 * The routes of a verification service: each decides by `verifyWith` and shares equal work. What nobody wrote a statement for, and what
 * is not in `allow`, is refused before any registry is asked.
 *
 * @throws {AdmissionError} `ERR_ADMISSION_CONFIG` for an entry of `allow` that is no registry and no repository
 *
 * @example
 * ```ts
 * const routes = createVerificationRoutes({ policy: { trust }, open, literals: 'public' });
 * ```
 */
export function createVerificationRoutes(options: VerificationRoutesOptions): VerificationRoutes {
  const { policy, allow } = options;
  const whole = typeof policy === 'function' ? policy : () => policy;
  const guard = createRegistryGuard(options);
  const core = (of: (context: ImageContext) => ClusterPolicy) => verifyBehind(guard, { ...options, policy: of });
  const allowed = allow === undefined ? undefined : checkAllowList(allow);
  const only = (verify: VerifyImage): VerifyImage => onlyKnown(verify, whole, allowed);
  return {
    verify: only(cachedVerifier({ ...options, ...core((context) => signatures(whole(context))) })),
    gate: only(gateOnly(cachedVerifier({ ...options, ...core(whole) }), whole)),
    // Found out anew each time: what is remembered does not say all of why.
    explain: only(cachedVerifier({ ...options, ...core(whole), cache: forgetful, tagTtlMs: 0 })),
  };
}

/** The same policy without its gate; all else of it holds for signatures, too. */
function signatures(policy: ClusterPolicy): ClusterPolicy {
  const { gate, ...signed } = policy;
  return gate === undefined ? policy : signed;
}

/** Keeps nothing; equal work under way is done once all the same. */
const forgetful = { get: async () => undefined, set: async () => undefined, delete: async () => undefined };

/** What may not be asked about makes no request to any registry. */
function onlyKnown(
  verify: VerifyImage,
  policy: (context: ImageContext) => ClusterPolicy,
  allowed: readonly string[] | undefined,
): VerifyImage {
  const outside = outsideStatements(policy);
  return async (image, context) => {
    const name = nameOf(image);
    if (allowed !== undefined && !isAllowed(allowed, name))
      return refused('REGISTRY_NOT_ALLOWED', `this server answers nothing about ${name}`);
    if (outside(image, context)) return refused('NO_APPLICABLE_POLICY', `no statement of the policy is about ${name}`);
    return verify(image, context);
  };
}

/** A gate without a policy would allow everything that is signed: it decides nothing. */
function gateOnly(verify: VerifyImage, policy: (context: ImageContext) => ClusterPolicy): VerifyImage {
  return async (image, context) => {
    if (policy(context).gate !== undefined) return verify(image, context);
    return refused('NO_GATE_POLICY', 'this server has no policy for a gate, so that nothing passes it');
  };
}

const nameOf = ({ reference: { registry, repository } }: Image): string =>
  canonicalRepository(`${registry}/${repository}`);

const refused = (code: string, message: string): ImageVerdict => ({ outcome: 'denied', code, message });
