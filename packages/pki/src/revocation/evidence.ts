import { type Cache, isCodedError } from '@notarykit/common/internal';
import type { RevocationEvidence } from './checker.js';

/** What a source that gave no answer leaves behind; the caller's own abort goes on. */
export function unavailable<M extends 'ocsp' | 'crl'>(
  method: M,
  url: string,
  error: unknown,
  signal: AbortSignal | undefined,
): RevocationEvidence & { readonly method: M } {
  if (signal?.aborted === true || !isCodedError(error)) throw error;
  return { method, url, outcome: 'unavailable', reason: error.message, error };
}

/** A cached answer that still holds: it is judged like a fresh one, and any fault of the cache counts as a miss. */
export async function recall<V, R extends RevocationEvidence>(
  cache: Cache<V> | undefined,
  key: string,
  judge: (value: V) => Promise<R>,
): Promise<R | undefined> {
  if (cache === undefined) return undefined;
  try {
    const value = await cache.get(key);
    const verdict = value === undefined ? undefined : await judge(value);
    return verdict?.outcome === 'unavailable' ? undefined : verdict;
  } catch {
    return undefined;
  }
}

/** Keeps an answer until it is outdated; a cache that fails is one that forgot. */
export async function remember<V>(
  cache: Cache<V> | undefined,
  key: string,
  value: V,
  verdict: RevocationEvidence,
  now: Date,
): Promise<void> {
  const { nextUpdate } = verdict;
  if (cache === undefined || verdict.outcome === 'unavailable' || nextUpdate === undefined) return;
  await cache.set(key, value, Math.max(0, nextUpdate.getTime() - now.getTime())).catch(() => undefined);
}
