import { createRevocationChecker } from '@notarykit/pki';
import { directoryCrlCache, revocationFetch } from '@notarykit/pki/node';
import { notationConfiguration } from '@notarykit/trust-policy/node';
import type { CreateBundleOptions, Trust } from 'notarykit';

/** Standard error, so that results stay readable for programs. */
const logger = {
  warn: (message: string, { path }: Readonly<Record<string, unknown>> = {}): void =>
    void process.stderr.write(`warning: ${String(path)}: ${message}\n`),
};

/** What an installed notation trusts: its policy, trust store and plugins; revocation is asked online. */
export async function readTrust(): Promise<Trust> {
  const notation = notationConfiguration({ logger });
  return { policy: await notation.trustPolicy(), ...(await readAnchors()) };
}

/** The same for a bundle, which keeps what is found out about revocation. */
export async function readBundleTrust(): Promise<
  Pick<CreateBundleOptions, 'policy' | 'trustStore' | 'plugins' | 'revocation'>
> {
  const { trustPolicy, trustStore, plugins } = notationConfiguration({ logger });
  return { policy: await trustPolicy(), trustStore, plugins: await plugins(), revocation: revocationSettings() };
}

/** The same without a policy. */
export async function readAnchors(): Promise<Omit<Trust, 'policy'>> {
  const { trustStore, plugins } = notationConfiguration({ logger });
  return { trustStore, revocation: createRevocationChecker(revocationSettings()), plugins: await plugins() };
}

function revocationSettings() {
  return { fetch: revocationFetch(), cache: directoryCrlCache(notationConfiguration().paths.crlCache) };
}
