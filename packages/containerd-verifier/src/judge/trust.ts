import { join } from 'node:path';
import type { Logger } from '@notarykit/common';
import { createRevocationChecker } from '@notarykit/pki';
import { directoryCrlCache, revocationFetch } from '@notarykit/pki/node';
import { type NotationConfiguration, notationConfiguration } from '@notarykit/trust-policy/node';
import type { Trust } from 'notarykit';
import type { Settings } from '../settings/settings.js';
import type { Network } from './repository.js';

/** Notation's files in a folder: policy, stores, plugins and settings; the environment has no say. */
export function notationIn(folder: string, logger: Logger): NotationConfiguration {
  return notationConfiguration({ env: { NOTATION_CONFIG: folder, NOTATION_CACHE: join(folder, 'cache') }, logger });
}

/** What the node trusts; revocation is asked online, and CRLs are kept beside the verdicts. */
export async function trustOf(notation: NotationConfiguration, settings: Settings, network: Network): Promise<Trust> {
  const { revocationAddresses: addresses } = settings.network;
  const cache = settings.cache === undefined ? {} : { cache: directoryCrlCache(join(settings.cache.folder, 'crl')) };
  return {
    policy: await notation.trustPolicy(),
    trustStore: notation.trustStore,
    revocation: createRevocationChecker({ fetch: revocationFetch({ ...network, addresses }), addresses, ...cache }),
    plugins: await notation.plugins(),
  };
}
