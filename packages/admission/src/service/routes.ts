import { canonicalRepository } from '@notarykit/oci/internal';
import type { Image } from '../images/image.js';
import type { ImageContext, ImageVerdict, VerifyImage } from '../verdict.js';
import { type CachedImageVerifierOptions, createCachedImageVerifier } from '../verify/cached.js';
import { outsideStatements } from '../verify/outside.js';
import { createRegistryGuard } from '../verify/registry-guard.js';
import { type ClusterPolicy, type VerifyWithOptions, verifyBehind } from '../verify/verify-with.js';
import { checkAllowList, isAllowed } from './allow-list.js';
import type { VerificationRoutes } from './handler.js';

/** What a verification service decides by. */
export interface VerificationRoutesOptions
  extends VerifyWithOptions,
    Omit<CachedImageVerifierOptions, 'resolve' | 'request' | 'tenant'> {
  /**
   * Registries and repositories that may be asked about, `registry.example.com` or `registry.example.com/team`, with all below them; an
   * official image of Docker Hub is `docker.io/library/nginx`.
   * Default: those that a statement of the trust policy is about, which for the scope `*` are all.
   */
  readonly allow?: readonly string[];
}

/**
 * The routes of a verification service: each decides by `verifyWith` and shares equal work. What no statement covers, and what
 * is not in `allow`, is refused before any registry is asked.
 *
 * @throws {AdmissionError} `ERR_ADMISSION_CONFIG` for an entry of `allow` that is neither a registry nor a repository
 *
 * @example
 * ```ts
 * const routes = createVerificationRoutes({ policy: { trust }, open, literals: 'public' });
 * ```
 */
export function createVerificationRoutes(options: VerificationRoutesOptions): VerificationRoutes {
  const { policy, allow } = options;
  const read = typeof policy === 'function' ? policy : () => policy;
  const guard = createRegistryGuard(options);
  const allowed = allow === undefined ? undefined : checkAllowList(allow);
  const route = (
    part: (policy: ClusterPolicy) => ClusterPolicy,
    { check, ...more }: Partial<CachedImageVerifierOptions> & { readonly check?: Check } = {},
  ): VerifyImage => {
    const core = verifyBehind(guard, { ...options, policy: (context) => part((context as Question).policy) });
    const verify = createCachedImageVerifier({ ...options, ...core, ...more });
    return async (image, context) => {
      const question: Question = { ...context, policy: read(context) };
      return refuseUnknown(image, question, allowed) ?? check?.(question) ?? verify(image, question);
    };
  };
  return {
    verify: route(signatures),
    gate: route(whole, { check: refuseWithoutGate }),
    // Found out anew each time: what is remembered does not say all of why.
    explain: route(whole, { cache: forgetful, tagTtlMs: 0 }),
  };
}

/** A question with the policy of its moment, which is read once: what is checked here is what decides. */
interface Question extends ImageContext {
  readonly policy: ClusterPolicy;
}

/** Why a question is refused before any registry is asked, if it is. */
type Check = (question: Question) => ImageVerdict | undefined;

const whole = (policy: ClusterPolicy): ClusterPolicy => policy;

/** The same policy without its gate; all else of it holds for signatures, too. */
function signatures(policy: ClusterPolicy): ClusterPolicy {
  const { gate, ...signed } = policy;
  return gate === undefined ? policy : signed;
}

/** Keeps nothing; equal work under way is done once all the same. */
const forgetful = { get: async () => undefined, set: async () => undefined, delete: async () => undefined };

/** What may not be asked about makes no request to any registry. */
function refuseUnknown(
  image: Image,
  question: Question,
  allowed: readonly string[] | undefined,
): ImageVerdict | undefined {
  const name = nameOf(image);
  if (allowed !== undefined && !isAllowed(allowed, name))
    return refused(
      'REGISTRY_NOT_ALLOWED',
      `this server may not be asked about ${name}: it is not in the list of allowed repositories`,
    );
  const outside = outsideStatements(question.policy);
  if (outside(image, question))
    return refused('NO_APPLICABLE_POLICY', `no statement of the trust policy applies to ${name}`);
  return undefined;
}

/** A gate without a policy would allow everything that is signed: it decides nothing. */
function refuseWithoutGate({ policy }: Question): ImageVerdict | undefined {
  if (policy.gate !== undefined) return undefined;
  return refused('NO_GATE_POLICY', 'this server has no gate policy, so nothing passes the gate');
}

const nameOf = ({ reference: { registry, repository } }: Image): string =>
  canonicalRepository(`${registry}/${repository}`);

const refused = (code: string, message: string): ImageVerdict => ({ verdict: 'refused', code, message });
