import {
  type Cache,
  type CallOptions,
  defined,
  memoryCache,
  singleFlight,
  withDeadline,
} from '@notarykit/common/internal';
import type { Descriptor } from '@notarykit/oci/internal';
import { createVerdictCache, type KeptVerdict, type RememberedRequest } from 'notarykit/internal';
import type { Image } from '../images/image.js';
import type { ImageContext, ImageVerdict, VerifyImage } from '../verdict.js';
import { verdictOfKept } from './verdict-of.js';

/** The caller whose credentials are used. */
export interface TenantContext extends ImageContext {
  readonly tenant: string;
}

/** What is asked about an image, under the policy of one moment: the request by which its verdict is remembered, and what decides. */
export interface ImageRequest {
  readonly request: RememberedRequest;
  /** Decides under this policy, whatever is loaded meanwhile. */
  decide(call: { readonly signal: AbortSignal }): Promise<KeptVerdict>;
}

/** How verdicts are found, kept and shared. */
export interface CachedImageVerifierOptions {
  /** What a tag or digest names now. A multi-platform image gives its index. */
  readonly resolve: (image: Image, context: ImageContext) => Promise<Descriptor>;
  /** What is asked about an image under the policy that holds now for this request; or why it is refused without asking. */
  readonly request: (
    image: Image,
    descriptor: Descriptor,
    context: TenantContext,
  ) => ImageRequest | ImageVerdict | Promise<ImageRequest | ImageVerdict>;
  /** Whose credentials are used, where they differ by namespace: nothing is shared between tenants. Default one for all. */
  readonly tenant?: (context: ImageContext) => string;
  /** Verdicts as JSON text; Keyv over Redis shares them among replicas. Default: 10,000 entries in this process. */
  readonly cache?: Cache<string>;
  /** How long a trusted verdict is kept at most, milliseconds. Default 5 minutes; never past `validUntil`. */
  readonly trustedTtlMs?: number;
  /** How long a refusal is kept, milliseconds. Default 5,000. What could not be decided is never kept. */
  readonly refusedTtlMs?: number;
  /** How long a tag's digest is kept, milliseconds. Default 5,000; 0 asks the registry each time. */
  readonly tagTtlMs?: number;
  /** How long one verification, or the look-up of a tag, may take, however many callers wait, milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
  /** Told of each look-up, for metrics. */
  readonly onLookup?: (result: 'hit' | 'miss' | 'shared' | 'uncacheable') => void;
  /** The clock, in milliseconds. Default: this machine's; no step of its date makes a verdict live longer. */
  readonly now?: () => number;
}

/** What is behind a digest never changes; it is forgotten in time all the same. */
const digestTtlMs = 3_600_000;

/**
 * A verifier that remembers verdicts by the digest of the whole request, and does equal work once. A caller that waits leaves with its own
 * deadline, which does not end the wait of others. The tag never is part of a key, and a cache that fails counts as empty.
 */
export function createCachedImageVerifier(options: CachedImageVerifierOptions): VerifyImage {
  const { timeoutMs = 30_000, refusedTtlMs = 5_000, trustedTtlMs, onLookup } = options;
  const resolve = createResolver(options);
  const verdicts = createVerdictCache({
    cache: options.cache ?? memoryCache<string>({ maxEntries: 10_000, ...clockOf(options) }),
    refusedTtlMs,
    timeoutMs,
    ...clockOf(options),
    ...defined({ trustedTtlMs, onLookup }),
  });
  return async (image, context) => {
    const asking = { ...context, tenant: options.tenant?.(context) ?? '' };
    const descriptor = await resolve(image, asking);
    const { digest } = descriptor;
    const asked = await options.request(image, descriptor, asking);
    if ('verdict' in asked) return { ...asked, digest };
    const found = await verdicts.ask(asked.request, (signal) => asked.decide({ signal }), callOf(context));
    return { ...verdictOfKept(found), digest };
  };
}

/** Without a clock of the caller's, what is remembered here is as old as both clocks of this machine say. */
function clockOf({ now }: CachedImageVerifierOptions): Pick<CachedImageVerifierOptions, 'now'> {
  return defined({ now });
}

function callOf({ signal }: ImageContext): CallOptions {
  return defined({ signal });
}

/** Looks tags up for a short while only, and each once at a time. */
function createResolver(
  options: CachedImageVerifierOptions,
): (image: Image, context: TenantContext) => Promise<Descriptor> {
  const { timeoutMs = 30_000, tagTtlMs = 5_000 } = options;
  const known = memoryCache<Descriptor>({ maxEntries: 10_000, ...clockOf(options) });
  const share = singleFlight<Descriptor>();
  return async (image, context) => {
    const { digest, registry, repository, tag } = image.reference;
    const ttlMs = digest === undefined ? tagTtlMs : digestTtlMs;
    // By the server that is asked: ports that are one name to a policy may be two servers, with two images under one tag.
    const key = JSON.stringify([context.tenant, registry.toLowerCase(), repository, digest ?? tag]);
    const find = async (signal: AbortSignal): Promise<Descriptor> => {
      const found = await options.resolve(image, { ...context, signal });
      if (ttlMs > 0) await known.set(key, found, ttlMs);
      return found;
    };
    const kept = await known.get(key);
    return kept ?? (await share(key, (signal) => withDeadline(timeoutMs, signal, find), callOf(context)));
  };
}
