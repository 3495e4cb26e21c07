import {
  type Cache,
  type CallOptions,
  encodeHex,
  hash,
  isJsonObject,
  memoryCache,
  parseJson,
  singleFlight,
  utf8,
} from '@notarykit/common';
import { type Digest, isDigest } from '@notarykit/oci';
import type { Image } from '../images/image.js';
import type { ImageContext, ImageVerdict, VerifyImage } from '../review/verdict.js';

/** The policy of one moment, whole: what decides, and the key under which its verdicts are kept. */
export interface PolicySnapshot {
  /** Changes whenever the trust policy, the trust stores or the gate's policy change: part of every cache key. */
  readonly key: string;
  /** Decides about one digest of one repository, under this policy whatever is loaded meanwhile. */
  verify(image: Image, digest: Digest, context: ImageContext): Promise<ImageVerdict>;
}

/** How verdicts are found, kept and shared. */
export interface CachedVerifierOptions {
  /** The digest that a tag names now. A multi-platform image gives the digest of its index. */
  readonly resolve: (image: Image, context: ImageContext) => Promise<Digest>;
  /** The policy that holds now for whoever asks; read once for each image. */
  readonly policy: (context: ImageContext) => PolicySnapshot | Promise<PolicySnapshot>;
  /** Whose credentials are used, where they differ by namespace: nothing is shared between tenants. Default one for all. */
  readonly tenant?: (context: ImageContext) => string;
  /** Verdicts as JSON text; Keyv over Redis shares them among replicas. Default: 10,000 entries in this process. */
  readonly cache?: Cache<string>;
  /** How long a trusted verdict is kept at most, milliseconds. Default 5 minutes; never past `validUntil`. */
  readonly trustedTtlMs?: number;
  /** How long a refusal is kept, milliseconds. Default 5,000. What could not be decided is never kept. */
  readonly deniedTtlMs?: number;
  /** How long a tag's digest is kept, milliseconds. Default 5,000; 0 asks the registry each time. */
  readonly tagTtlMs?: number;
  /** How long one verification may take, whoever waits for it, milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
  /** Told of each look-up, for metrics. */
  readonly onLookup?: (result: 'hit' | 'miss' | 'shared') => void;
  /** The clock, in milliseconds. Default `Date.now`. */
  readonly now?: () => number;
}

/**
 * A verifier that keeps verdicts by digest, repository, policy and tenant, and does equal work once. The tag never is part
 * of a key, and a cache that fails counts as empty.
 */
export function cachedVerifier(options: CachedVerifierOptions): VerifyImage {
  const { now = Date.now, timeoutMs = 30_000, tagTtlMs = 5_000 } = options;
  const verdicts = options.cache ?? memoryCache<string>({ maxEntries: 10_000, now });
  const tags = memoryCache<Digest>({ maxEntries: 10_000, now });
  const shareVerdict = singleFlight<ImageVerdict>();
  const shareTag = singleFlight<Digest>();
  const waiting = new Set<string>();
  // Shared work has a deadline of its own: the one who began it may leave earlier than those who wait.
  const deadline = (): CallOptions => ({ signal: AbortSignal.timeout(timeoutMs) });

  const resolve = async (image: Image, context: ImageContext, tenant: string): Promise<Digest> => {
    const { digest, registry, repository, tag } = image.reference;
    if (digest !== undefined) return digest;
    const key = `${tenant}|${registry}/${repository}:${tag}`;
    const known = await tags.get(key);
    if (known !== undefined) return known;
    return shareTag(key, async () => {
      const found = await options.resolve(image, { ...context, ...deadline() });
      if (tagTtlMs > 0) await tags.set(key, found, tagTtlMs);
      return found;
    });
  };

  const decide = async (key: string, work: Promise<ImageVerdict>, digest: Digest): Promise<ImageVerdict> => {
    const verdict = { ...(await work), digest };
    const ttl = ttlOf(verdict, options, now());
    if (ttl > 0) await quietly(verdicts.set(key, JSON.stringify(verdict), ttl));
    return verdict;
  };

  return async (image, context) => {
    const tenant = options.tenant?.(context) ?? '';
    const digest = await resolve(image, context, tenant);
    // The key and the policy that decides are of one moment: a reload meanwhile must not put a verdict under another's key.
    const policy = await options.policy(context);
    const key = keyOf(image, digest, tenant, policy.key);
    const kept = readVerdict(await quietly(verdicts.get(key)), digest, now());
    if (kept !== undefined) {
      options.onLookup?.('hit');
      return kept;
    }
    options.onLookup?.(waiting.has(key) ? 'shared' : 'miss');
    waiting.add(key);
    try {
      return await shareVerdict(key, () =>
        decide(key, policy.verify(image, digest, { ...context, ...deadline() }), digest),
      );
    } finally {
      waiting.delete(key);
    }
  };
}

function keyOf({ reference }: Image, digest: Digest, tenant: string, policyKey: string): string {
  const parts = ['1', digest, `${reference.registry}/${reference.repository}`, tenant, policyKey];
  return `notarykit:verdict:${encodeHex(hash('sha256', utf8(JSON.stringify(parts))))}`;
}

function ttlOf(verdict: ImageVerdict, options: CachedVerifierOptions, now: number): number {
  if (verdict.outcome === 'undecided') return 0;
  if (verdict.outcome === 'denied') return options.deniedTtlMs ?? 5_000;
  const longest = options.trustedTtlMs ?? 300_000;
  return verdict.validUntil === undefined ? longest : Math.min(longest, verdict.validUntil.getTime() - now);
}

async function quietly<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch {
    return undefined;
  }
}

/** A shared cache may hold anything: what is no verdict about this digest, or is past its time, counts as absent. */
function readVerdict(text: string | undefined, digest: Digest, now: number): ImageVerdict | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const { outcome, code, message, digest: about, validUntil } = asObject(parseJson(text, { maxDepth: 4 }));
    const known = outcome === 'trusted' || outcome === 'skipped' || outcome === 'denied';
    if (!known || typeof code !== 'string' || typeof message !== 'string' || about !== digest || !isDigest(digest))
      return undefined;
    const until = typeof validUntil === 'string' ? new Date(validUntil) : undefined;
    if (until !== undefined && !(until.getTime() > now)) return undefined;
    return { outcome, code, message, digest, ...(until === undefined ? {} : { validUntil: until }) };
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Record<string, unknown> {
  return isJsonObject(value as never) ? (value as Record<string, unknown>) : {};
}
