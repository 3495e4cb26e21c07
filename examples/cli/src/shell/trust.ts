import { createRevocationChecker } from '@notarykit/pki';
import { directoryCrlCache, revocationFetch } from '@notarykit/pki/node';
import { notationConfiguration } from '@notarykit/trust-policy/node';
import type { Trust } from 'notarykit';

/** What an installed notation trusts: its policy, trust store and plugins; revocation is asked online. */
export async function readTrust(): Promise<Trust> {
  const notation = notationConfiguration();
  return { policy: await notation.trustPolicy(), ...(await readAnchors()) };
}

/** The same without a policy. */
export async function readAnchors(): Promise<Omit<Trust, 'policy'>> {
  const { trustStore, paths, plugins } = notationConfiguration();
  const revocation = createRevocationChecker({ fetch: revocationFetch(), cache: directoryCrlCache(paths.crlCache) });
  return { trustStore, revocation, plugins: await plugins() };
}
