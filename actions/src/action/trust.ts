import { warning } from '@actions/core';
import type { Logger } from '@notarykit/common';
import { type AddressRules, createRevocationChecker } from '@notarykit/pki';
import { revocationFetch } from '@notarykit/pki/node';
import { parseAnyTrustPolicy } from '@notarykit/trust-policy';
import { directoryTrustStore, notationConfiguration } from '@notarykit/trust-policy/node';
import type { Trust } from 'notarykit';
import { inputError } from './errors.js';
import type { Inputs } from './inputs.js';
import type { Network } from './network.js';

/** Inputs of {@link readTrust}. */
export const trustInputs = ['trust-policy', 'trust-store', 'revocation-addresses'] as const;

type TrustInput = (typeof trustInputs)[number];

/** What a certificate may make the runner connect to, as the command names it. */
const networks = {
  public: { private: false },
  private: {},
  loopback: { loopback: true },
  any: { loopback: true, linkLocal: true },
} as const satisfies Readonly<Record<string, AddressRules>>;

/** Trust stores that others can write, and certificates that were set aside. */
const logger: Logger = {
  warn: (message, { path } = {}) => warning(`${String(path)}: ${message}`, { title: 'trust store' }),
};

/** Whom to trust: policy and store of the inputs, else those of notation's configuration on the runner. Revocation is asked online. */
export async function readTrust(inputs: Inputs<TrustInput>, network: Network): Promise<Trust> {
  const names = Object.keys(networks) as (keyof typeof networks)[];
  const addresses = networks[inputs.choice('revocation-addresses', names) ?? 'private'];
  const revocation = createRevocationChecker({ fetch: revocationFetch({ ...network, addresses }), addresses });
  return { ...(await readAnchors(inputs)), revocation, plugins: await notationConfiguration().plugins() };
}

async function readAnchors(inputs: Inputs<TrustInput>): Promise<Pick<Trust, 'policy' | 'trustStore'>> {
  const policy = await inputs.file('trust-policy', (content) => parseAnyTrustPolicy(content));
  const store = inputs.text('trust-store');
  if (policy === undefined && store === undefined) {
    const notation = notationConfiguration({ logger });
    return { policy: await notation.trustPolicy(), trustStore: notation.trustStore };
  }
  if (policy === undefined) throw inputError('trust-policy', 'it is required with "trust-store"');
  if (store === undefined) throw inputError('trust-store', 'it is required with "trust-policy"');
  return { policy, trustStore: directoryTrustStore(store, { logger }) };
}
