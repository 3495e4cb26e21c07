import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Cache, type Logger, sealedCache } from '@notarykit/common/internal';
import { directoryCache, writeWhole } from '@notarykit/common/internal/node';
import { createVerdictCache, type VerdictCache } from 'notarykit/internal';
import type { CacheSettings, Settings } from '../settings/settings.js';
import { makeOwnFolder, readOwnFile } from './own-folder.js';

/** The verdicts that this node remembers: none unless the folder belongs to this user only, and then the log says why. */
export async function verdictsOf({ cache, timeoutMs }: Settings, logger: Logger): Promise<VerdictCache> {
  const store = cache === undefined ? undefined : await openStore(cache, logger);
  return createVerdictCache({
    timeoutMs,
    cache: store ?? forgetful,
    trustedTtlMs: cache?.trustedTtlMs ?? 0,
    refusedTtlMs: cache?.refusedTtlMs ?? 0,
  });
}

const forgetful: Cache<string> = {
  get: async () => undefined,
  set: async () => undefined,
  delete: async () => undefined,
};

async function openStore({ folder }: CacheSettings, logger: Logger): Promise<Cache<string> | undefined> {
  const verdicts = join(folder, 'verdicts');
  try {
    await makeOwnFolder(verdicts);
    return sealedCache(directoryCache(verdicts), { secret: await secretOf(join(verdicts, 'secret')) });
  } catch (error) {
    logger.warn?.('verdicts are not remembered', { path: verdicts, reason: (error as Error).message });
    return undefined;
  }
}

/** The secret of the seals, made once: of several that begin at one time, one makes it. */
async function secretOf(path: string): Promise<Uint8Array> {
  return (await readOwnFile(path, secretBytes)) ?? (await makeSecret(path));
}

const secretBytes = 32;

async function makeSecret(path: string): Promise<Uint8Array> {
  try {
    await writeWhole(path, randomBytes(secretBytes), { replace: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const secret = await readOwnFile(path, secretBytes);
  if (secret === undefined)
    throw new Error(`expected ${path} to be a file of ${secretBytes} bytes that no other user can read: remove it`);
  return secret;
}
