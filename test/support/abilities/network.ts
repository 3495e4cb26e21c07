import {
  createHttpTimestamper,
  createRevocationChecker,
  parseCertificate,
  type RevocationChecker,
} from '@notarykit/pki';
import { revocationFetch } from '@notarykit/pki/node';
import { createRegistry, type RegistryRepository } from '@notarykit/registry-client';
import { createTransport } from '@notarykit/transport';
import type { SignOptions } from 'notarykit';
import { type ScriptedProxy, startScriptedProxy } from '../scripted-proxy.js';

/** Names that only the proxy of a network leads anywhere. */
export const places = { registry: 'registry.test', pki: 'pki.test' } as const;

/** Registry and online services of the setup behind a proxy, which is the only way to them by these names. */
export interface Network {
  /** `team/app` by its name behind the proxy. */
  readonly repository: RegistryRepository;
  /** Options of signing: the timestamping service is asked through the proxy. */
  readonly timestamping: Required<Pick<SignOptions, 'timestamper' | 'timestampRoots'>>;
  /** Asks about certificates through the proxy, and remembers nothing. */
  revocation(): RevocationChecker;
  readonly revocationFetch: ReturnType<typeof revocationFetch>;
  /** What the proxy was asked while some work was done. */
  asked(work: () => Promise<unknown>): Promise<string>;
  close(): Promise<void>;
}

/**
 * @param ports - of registry and services on this machine
 * @param root - certificate of the authority, DER
 */
export async function createNetwork(
  ports: { readonly registry: number; readonly pki: number },
  root: Uint8Array,
): Promise<Network> {
  const routes = { [`${places.registry}:80`]: ports.registry, [`${places.pki}:80`]: ports.pki };
  const proxy: ScriptedProxy = await startScriptedProxy({ routes });
  const fetch = createTransport({ proxy: proxy.url });
  const online = revocationFetch({ proxy: proxy.url });
  const retry = { maxRetries: 0 };
  const endpoint = createRegistry({ registry: places.registry, plainHttp: true, fetch, retry });
  const roots = [parseCertificate(root)];
  const timestamper = createHttpTimestamper({ url: `http://${places.pki}/tsa`, roots, fetch, retry: { retries: 0 } });
  return {
    repository: endpoint.repository('team/app'),
    timestamping: { timestamper, timestampRoots: roots },
    revocation: () => createRevocationChecker({ fetch: online }),
    revocationFetch: online,
    async asked(work) {
      const before = proxy.asked.length;
      await work();
      return proxy.asked.slice(before).join('\n');
    },
    close: proxy.close,
  };
}
