import { defined } from '@notarykit/common/internal';
import { createRevocationChecker, offlineRevocationChecker, type RecordedAnswer } from '@notarykit/pki/internal';
import { directoryCrlCache, revocationFetch } from '@notarykit/pki/node';
import { notationConfiguration } from '@notarykit/trust-policy/node';
import type { CreateBundleOptions, Trust } from 'notarykit/internal';
import type { RevocationNetwork } from './revocation.js';

/** Standard error, so that results stay readable for programs. */
const logger = {
  warn: (message: string, { path }: Readonly<Record<string, unknown>> = {}): void =>
    void process.stderr.write(`warning: ${String(path)}: ${message}\n`),
};

type OnAnswer = (answer: RecordedAnswer) => void;

/** What an installed notation trusts: its policy, trust store and plugins; revocation is asked online, and answers are handed over. */
export async function readTrust(network: RevocationNetwork, onAnswer?: OnAnswer): Promise<Trust> {
  const notation = notationConfiguration({ logger });
  return { policy: await notation.trustPolicy(), ...(await readAnchors(network, onAnswer)) };
}

/** The same for a bundle, which keeps what is found out about revocation. */
export async function readBundleTrust(
  network: RevocationNetwork,
): Promise<Pick<CreateBundleOptions, 'policy' | 'trustStore' | 'plugins' | 'revocation'>> {
  const { trustPolicy, trustStore, plugins } = notationConfiguration({ logger });
  return { policy: await trustPolicy(), trustStore, plugins: await plugins(), revocation: revocationSettings(network) };
}

/** The same without a policy. */
export async function readAnchors(network: RevocationNetwork, onAnswer?: OnAnswer): Promise<Omit<Trust, 'policy'>> {
  const { trustStore, plugins } = notationConfiguration({ logger });
  const settings = { ...revocationSettings(network), ...defined({ onAnswer }) };
  return { trustStore, revocation: createRevocationChecker(settings), plugins: await plugins() };
}

/** The same without a network: revocation by answers that were recorded. */
export async function readOfflineAnchors(answers: readonly RecordedAnswer[]): Promise<Omit<Trust, 'policy'>> {
  const { trustStore, plugins } = notationConfiguration({ logger });
  return { trustStore, revocation: offlineRevocationChecker({ answers }), plugins: await plugins() };
}

function revocationSettings(network: RevocationNetwork) {
  const cache = directoryCrlCache(notationConfiguration().paths.crlCache);
  return { fetch: revocationFetch(network), addresses: network.addresses, cache };
}
