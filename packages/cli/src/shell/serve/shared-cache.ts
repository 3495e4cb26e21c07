import { readFile } from 'node:fs/promises';
import { type Cache, decodeBase64, redisCache, sealedCache } from '@notarykit/common/internal';
import { type Arguments, UsageError } from '../command.js';
import type { OptionSpec } from '../option-spec.js';
import { logger } from './log.js';

/** Options of a server whose replicas share verdicts. */
export const sharedCacheOptions: Readonly<Record<string, OptionSpec>> = {
  'redis-url-file': {
    type: 'string',
    value: 'path',
    help: 'file with the URL of a Redis where replicas share verdicts; needs the package @redis/client',
  },
  'cache-secret-file': {
    type: 'string',
    value: 'path',
    help: 'file with base64 of 32 random bytes or more, the same for all replicas, that seals the verdicts in Redis',
  },
};

/** A cache that replicas share. */
export interface SharedCache {
  readonly cache: Cache<string>;
  close(): Promise<void>;
}

/** Where {@link sharedCacheOptions} say that replicas share verdicts, and by which secret. */
export interface Sharing {
  readonly urlFile: string;
  readonly secretFile: string;
}

/** @throws {UsageError} for one of the options without the other: unsealed, everyone who can write to Redis could decide what is trusted */
export function readSharing(args: Arguments): Sharing | undefined {
  const [urlFile, secretFile] = [args.text('redis-url-file'), args.text('cache-secret-file')];
  if (urlFile === undefined && secretFile === undefined) return undefined;
  if (urlFile === undefined || secretFile === undefined)
    throw new UsageError('--redis-url-file and --cache-secret-file go together: verdicts are kept sealed');
  return { urlFile, secretFile };
}

/** How long a Redis that hangs may hold up an answer, milliseconds; one that is gone does not. */
const timeoutMs = 3_000;

/** @throws {UsageError} for an invalid secret or URL, and without the client of Redis */
export async function openSharedCache({ urlFile, secretFile }: Sharing): Promise<SharedCache> {
  const secret = await readSecret(secretFile);
  const client = await connect((await readFile(urlFile, 'utf8')).trim());
  return { cache: sealedCache(redisCache(client, { timeoutMs }), { secret }), close: async () => client.destroy() };
}

async function readSecret(path: string): Promise<Uint8Array> {
  try {
    return decodeBase64((await readFile(path, 'utf8')).trim());
  } catch (cause) {
    throw new UsageError(`--cache-secret-file: expected base64 in ${path}; make it with "openssl rand -base64 32"`, {
      cause,
    });
  }
}

/** A Redis that is not there is an empty cache, now and later: the client goes on trying. */
async function connect(url: string) {
  const { createClient } = await loadClient();
  const client = create(() => createClient({ url, disableOfflineQueue: true }));
  // The text of the error may hold the URL, and with it the password.
  client.on('error', () => logger.warn('the shared cache failed'));
  const failed = new Promise((resolve) => client.once('error', resolve));
  await Promise.race([client.connect().catch(() => undefined), failed]);
  return client;
}

function create<T>(make: () => T): T {
  try {
    return make();
  } catch {
    throw new UsageError('--redis-url-file: expected a URL such as redis://:password@redis.example.com:6379');
  }
}

async function loadClient(): Promise<typeof import('@redis/client')> {
  try {
    return await import('@redis/client');
  } catch (cause) {
    throw new UsageError('--redis-url-file needs the package @redis/client: npm install @redis/client', { cause });
  }
}
