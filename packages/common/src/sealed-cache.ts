import { checkLife } from './age.js';
import { decodeBase64, encodeBase64 } from './base64.js';
import { type Bytes, requireBytes, utf8 } from './bytes.js';
import type { Cache } from './cache.js';
import { CodecError } from './errors.js';
import { parseJson } from './json.js';
import { webCrypto } from './web-crypto.js';

/** Options of {@link sealedCache}. */
export interface SealedCacheOptions {
  /** Shared by those who may write: 32 random bytes or more, no text. A new one makes everything before it unknown. */
  readonly secret: Uint8Array;
  /** The clock, in milliseconds. Default `Date.now`, which machines that share a store have in common. */
  readonly now?: () => number;
}

const format = 'notarykit-sealed-2';
/** How far the clocks of machines that share a store may be apart, milliseconds. */
const skewMs = 5_000;

/**
 * A cache whose entries are sealed: HMAC-SHA-256 (RFC 2104) over key, beginning, end and text. Anyone who can write to the store but does not know
 * the secret can remove entries and nothing else: an entry that was forged, changed, moved to another key kept past its end or of
 * the future (by more than 5 s: a clock was put back since) counts as absent. Nothing is kept secret from those who read.
 *
 * @throws {CodecError} `ERR_CODEC_BYTES` for a secret that is not bytes, `ERR_CODEC_LIMIT` for one under 32 bytes or of only zeros
 *
 * @example
 * ```ts
 * const cache = sealedCache(keyvCache(keyv), { secret });
 * const verifier = createCachedVerifier({ cache });
 * ```
 */
export function sealedCache(cache: Cache<string>, { secret, now = Date.now }: SealedCacheOptions): Cache<string> {
  const key = webCrypto().importKey('raw', checkSecret(secret), hmac, false, ['sign', 'verify']);
  // It is awaited with the first call; until then its failure must not count as an unhandled rejection.
  key.catch(() => undefined);
  const seal = async (name: string, text: string, ttlMs: number | undefined): Promise<string> => {
    const since = now();
    const life = checkLife(ttlMs);
    const until = life === undefined || life === Number.POSITIVE_INFINITY ? null : since + life;
    const mac = await webCrypto().sign(hmac.name, await key, sealed(name, { since, until, text }));
    return JSON.stringify({ format, since, until, mac: encodeBase64(new Uint8Array(mac)), text });
  };
  return {
    async get(name) {
      const entry = read(await cache.get(name));
      if (entry === undefined || !isInTime(entry, now())) return undefined;
      const holds = await webCrypto().verify(hmac.name, await key, entry.mac, sealed(name, entry));
      return holds ? entry.text : undefined;
    },
    set: async (name, text, ttlMs) => cache.set(name, await seal(name, text, ttlMs), ttlMs),
    delete: (name) => cache.delete(name),
    ...(cache.add && {
      add: async (name: string, text: string, ttlMs?: number) =>
        (await cache.add?.(name, await seal(name, text, ttlMs), ttlMs)) === true,
    }),
  };
}

function checkSecret(secret: unknown): Bytes {
  const bytes = Uint8Array.from(requireBytes(secret, 'secret'));
  if (bytes.length < 32)
    throw new CodecError('ERR_CODEC_LIMIT', `expected a secret of at least 32 bytes, found ${bytes.length}`);
  // What a buffer holds that was never filled: everyone knows this key.
  if (bytes.every((byte) => byte === 0))
    throw new CodecError('ERR_CODEC_LIMIT', 'expected a random secret, found zeros');
  return bytes;
}

const hmac = { name: 'HMAC', hash: 'SHA-256' } as const;

/** What the seal is over; JSON keeps its parts apart. */
function sealed(name: string, { since, until, text }: Omit<Entry, 'mac'>): Bytes {
  return utf8(JSON.stringify([format, name, since, until, text]));
}

function isInTime({ since, until }: Entry, now: number): boolean {
  return since <= now + skewMs && (until === null || until > now);
}

interface Entry {
  readonly since: number;
  readonly until: number | null;
  readonly mac: Bytes;
  readonly text: string;
}

function read(stored: string | undefined): Entry | undefined {
  if (typeof stored !== 'string') return undefined;
  try {
    const entry = parseJson(stored, { maxDepth: 2 }) as Readonly<Record<string, unknown>>;
    const { since, until, mac, text } = {
      since: entry['since'],
      until: entry['until'],
      mac: entry['mac'],
      text: entry['text'],
    };
    if (entry['format'] !== format || typeof mac !== 'string' || typeof text !== 'string') return undefined;
    if (typeof since !== 'number' || (until !== null && typeof until !== 'number')) return undefined;
    return { since, until, mac: decodeBase64(mac), text };
  } catch {
    return undefined;
  }
}
