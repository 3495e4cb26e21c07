import type { Fetch } from '@notarykit/common';
import { createRevocationChecker } from '@notarykit/pki';
import { type ConnectionOptions, createRegistry } from '@notarykit/registry-client';
import {
  createAuthority,
  createAuthorityServices,
  createEmbeddedRegistry,
  extendedKeyUsage,
  keyUsage,
  purposes,
  serveVault,
  subjectAltName,
} from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { startProxy } from './proxy.js';

const host = 'registry.wabbit.internal';
const pki = 'http://pki.wabbit.internal';
/** Each account may do its own part of the work, in one registry. */
const accounts = [
  { username: 'build', password: 'builds', rights: { 'staging/net-monitor': ['pull', 'push'] } },
  {
    username: 'deploy',
    password: 'deploys',
    rights: { 'staging/net-monitor': ['pull'], 'production/net-monitor': ['pull', 'push'] },
  },
] as const;

/** The company's own authority, for servers, clients and code. */
async function createCompany() {
  const authority = await createAuthority({ name: 'Wabbit Networks' });
  const services = createAuthorityServices(authority);
  const issueTls = (purpose: string) =>
    authority.issueLeaf({
      extensions: () => [keyUsage(['digitalSignature']), extendedKeyUsage([purpose]), subjectAltName([host])],
    });
  return {
    authority,
    services,
    server: await issueTls(purposes.serverAuth),
    client: await issueTls(purposes.clientAuth),
    code: await authority.issueLeaf({ keySpec: 'EC-384', ocspUrls: [services.ocspUrl(pki)] }),
  };
}

/** A private network: a registry that wants client certificates, the proxy before it, and a Vault with the signing key. */
export async function createWorld() {
  const { authority, services, server, client, code } = await createCompany();
  const registry = createEmbeddedRegistry({ auth: { scheme: 'token', accounts } });
  const ca = authority.root.pem;
  const tls = { key: server.privateKeyPem, cert: server.pem, clientAuthority: ca };
  const { port } = await registry.listen({ tls });
  const proxy = await startProxy(new Map([[`${host}:443`, port]]));
  const token = 'hvs.only-for-the-build';
  const vault = await serveVault([{ name: 'net-monitor', versions: [code.keyPair] }], {
    token,
    chains: { 'net-monitor:1': code.pem },
  });
  const clientCertificate = { cert: client.pem, key: client.privateKeyPem };
  const connection: ConnectionOptions = { proxy: proxy.url, ca, clientCertificate };
  return {
    proxy,
    vault: { address: vault.url, token, key: 'net-monitor', fetch: globalThis.fetch as Fetch },
    /** One registry, as each account sees it. */
    open: (username: 'build' | 'deploy', settings: ConnectionOptions = connection) =>
      createRegistry({
        registry: host,
        credentials: { username, password: accounts.find((each) => each.username === username)?.password ?? '' },
        connection: settings,
        retry: { maxRetries: 0 },
      }),
    connection,
    trust: { ...trustOf(ca), revocation: createRevocationChecker({ fetch: services.fetch }) },
    close: () => Promise.all([proxy.close(), registry.close(), vault.close()]),
  };
}

function trustOf(ca: string) {
  const statement = {
    name: 'wabbit-networks',
    registryScopes: [`${host}/staging/net-monitor`, `${host}/production/net-monitor`],
    signatureVerification: { level: 'strict' },
    trustStores: ['ca:wabbit-networks'],
    trustedIdentities: ['*'],
  };
  return {
    policy: parseTrustPolicy({ version: '1.0', trustPolicies: [statement] }),
    trustStore: memoryTrustStore({ ca: { 'wabbit-networks': ca } }),
  };
}

/** What {@link createWorld} makes. */
export type World = Awaited<ReturnType<typeof createWorld>>;
