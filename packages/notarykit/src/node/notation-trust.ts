import { defined } from '@notarykit/common/internal';
import type { RevocationChecker } from '@notarykit/pki/internal';
import { type NotationConfigurationOptions, notationConfiguration } from '@notarykit/trust-policy/node';
import type { Trust } from '../trust.js';

/** Options of {@link loadNotationTrust}. */
export interface LoadNotationTrustOptions extends NotationConfigurationOptions {
  /** Without one, levels that enforce revocation trust nothing. */
  readonly revocation?: RevocationChecker;
}

/**
 * What an installed `notation` trusts, ready for every verb: its trust policy, trust store and plugins.
 *
 * @throws {TrustError} `ERR_TRUST_POLICY` when there is no policy, or a wrong one
 *
 * @example
 * ```ts
 * await verify(repository, 'v1', await loadNotationTrust({ revocation }));
 * ```
 */
export async function loadNotationTrust({ revocation, ...paths }: LoadNotationTrustOptions = {}): Promise<Trust> {
  const { trustPolicy, trustStore, plugins } = notationConfiguration(paths);
  return {
    policy: await trustPolicy(),
    trustStore,
    plugins: await plugins(),
    ...defined({ revocation }),
  };
}
