import { randomBytes } from 'node:crypto';
import { chmod, lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Cache, type Logger, sealedCache } from '@notarykit/common';
import { directoryCache, makeFolder, writeWhole } from '@notarykit/common/node';
import { createVerdictCache, type VerdictCache } from 'notarykit';
import type { CacheSettings, Settings } from '../settings/settings.js';

/** The verdicts that this node remembers. Without a folder that is ours alone nothing is remembered, and the log says why. */
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
    await makeOwn(verdicts);
    return sealedCache(directoryCache(verdicts), { secret: await secretOf(join(verdicts, 'secret')) });
  } catch (error) {
    logger.warn?.('verdicts are not remembered', { path: verdicts, reason: (error as Error).message });
    return undefined;
  }
}

/** Whoever can write the folder can read its secret, and seal verdicts of its own: it must be this user's alone. */
async function makeOwn(folder: string): Promise<void> {
  const before = await lstat(folder).catch(() => undefined);
  if (before === undefined) {
    await makeFolder(folder);
    await chmod(folder, 0o700);
  }
  const found = await lstat(folder);
  if (!found.isDirectory() || found.uid !== process.getuid?.() || (found.mode & 0o077) !== 0)
    throw new Error('expected a folder of this user that nobody else can read or write (mode 0700)');
}

/** The secret of the seals, made once: of several that begin at one time, one makes it. */
async function secretOf(path: string): Promise<Uint8Array> {
  return (await readSecret(path)) ?? (await makeSecret(path));
}

async function readSecret(path: string): Promise<Uint8Array | undefined> {
  const bytes = await readFile(path).catch(() => undefined);
  return bytes?.length === secretBytes ? new Uint8Array(bytes) : undefined;
}

const secretBytes = 32;

async function makeSecret(path: string): Promise<Uint8Array> {
  try {
    await writeWhole(path, randomBytes(secretBytes), { replace: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const secret = await readSecret(path);
  if (secret === undefined) throw new Error(`expected a secret of ${secretBytes} bytes in ${path}: remove the file`);
  return secret;
}
