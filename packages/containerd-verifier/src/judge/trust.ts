import { join } from 'node:path';
import { type Cache, defined, type Logger } from '@notarykit/common/internal';
import { type CrlBundle, createRevocationChecker } from '@notarykit/pki/internal';
import { directoryCrlCache, revocationFetch } from '@notarykit/pki/node';
import { type NotationConfiguration, notationConfiguration } from '@notarykit/trust-policy/node';
import type { Trust } from 'notarykit/internal';
import type { CacheSettings, Settings } from '../settings/settings.js';
import { makeOwnFolder } from './own-folder.js';
import type { Network } from './repository.js';

/** Notation's files in a folder: policy, stores, plugins and settings; the environment has no effect. */
export function notationIn(folder: string, logger: Logger): NotationConfiguration {
  return notationConfiguration({ env: { NOTATION_CONFIG: folder, NOTATION_CACHE: join(folder, 'cache') }, logger });
}

/** What the node trusts; revocation is asked online, and CRLs are kept beside the verdicts. */
export async function trustOf(
  notation: NotationConfiguration,
  settings: Settings,
  { network, logger }: { readonly network: Network; readonly logger: Logger },
): Promise<Trust> {
  const { revocationAddresses: addresses } = settings.network;
  const crls = settings.cache === undefined ? undefined : await crlCache(settings.cache, logger);
  const cache = defined({ cache: crls });
  return {
    policy: await notation.trustPolicy(),
    trustStore: notation.trustStore,
    revocation: createRevocationChecker({ fetch: revocationFetch({ ...network, addresses }), addresses, ...cache }),
    plugins: await notation.plugins(),
  };
}

/** CRLs are signed, but so is an older one that lacks the latest revocations: only a folder of this user is used. */
export async function crlCache(
  { folder }: Pick<CacheSettings, 'folder'>,
  logger: Logger,
): Promise<Cache<CrlBundle> | undefined> {
  const crls = join(folder, 'crl');
  try {
    await makeOwnFolder(crls);
    return directoryCrlCache(crls);
  } catch (error) {
    logger.warn?.('CRLs are not kept', { path: crls, reason: (error as Error).message });
    return undefined;
  }
}
