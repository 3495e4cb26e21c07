import { vaultLogin } from '@notarykit/kms-providers/vault';
import { createHttpTimestamper, createRevocationChecker, parseCertificates } from '@notarykit/pki';
import { revocationFetch } from '@notarykit/pki/node';
import { createRegistry } from '@notarykit/registry-client';
import { createTransport, type TransportOptions } from '@notarykit/transport';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { startCompany } from './company.js';
import { accounts, appRole, places } from './places.js';

/** What the build knows of its network: the proxy, the company's authority, its client certificate and who may see that. */
export interface Network extends TransportOptions {
  readonly proxy: string;
}

/** The network, and everything that is asked over it. */
export async function createSetup() {
  const { proxy, client, ca, close } = await startCompany();
  const network: Network = {
    proxy: proxy.url,
    ca,
    clientCertificate: { cert: client.pem, key: client.privateKeyPem, hosts: [places.registry] },
    // There is no DNS.
    lookup: (host, _, done) => done(new Error(`there is no DNS to look up ${host}`), ''),
  };
  const fetch = createTransport(network);
  const server = { address: `https://${places.vault}`, fetch };
  const roots = parseCertificates(ca);
  return {
    proxy,
    network,
    vault: {
      ...server,
      token: vaultLogin({ ...server, path: 'auth/approle/login', credentials: appRole }),
      key: 'net-monitor',
    },
    timestamper: createHttpTimestamper({ url: `https://${places.tsa}/tsa`, roots, fetch }),
    timestampRoots: roots,
    /** One registry, as each account sees it. */
    open: (name: keyof typeof accounts, transport = fetch) =>
      createRegistry({
        registry: places.registry,
        credentials: { username: accounts[name].username, password: accounts[name].password },
        fetch: transport,
        retry: { maxRetries: 0 },
      }),
    trust: (hosts: readonly string[] = [places.pki]) => ({ ...trustOf(ca), revocation: revocationOf(network, hosts) }),
    close,
  };
}

/** OCSP over TLS: certificates name http, and the responder leads to https. A proxy resolves names, so the hosts are listed. */
function revocationOf(network: Network, onlyHosts: readonly string[]) {
  const fetch = revocationFetch({ ...network, onlyHosts, https: true });
  return createRevocationChecker({ fetch, httpsRedirects: true });
}

function trustOf(ca: string) {
  const statement = {
    name: 'wabbit-networks',
    registryScopes: [`${places.registry}/staging/net-monitor`, `${places.registry}/production/net-monitor`],
    signatureVerification: { level: 'strict' },
    trustStores: ['ca:wabbit-networks', 'tsa:wabbit-networks'],
    trustedIdentities: ['x509.subject: C=US, ST=WA, O=Wabbit Networks, CN=net-monitor'],
  };
  return {
    policy: parseTrustPolicy({ version: '1.0', trustPolicies: [statement] }),
    trustStore: memoryTrustStore({ ca: { 'wabbit-networks': ca }, tsa: { 'wabbit-networks': ca } }),
  };
}

/** What {@link createSetup} makes. */
export type Setup = Awaited<ReturnType<typeof createSetup>>;
