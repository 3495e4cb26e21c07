import {
  createAuthority,
  createAuthorityServices,
  createEmbeddedRegistry,
  createKeyPair,
  extendedKeyUsage,
  keyUsage,
  purposes,
  serveVault,
  subjectAltName,
} from '@notarykit/testing';
import { accounts, appRole, places, role } from './places.js';
import { startProxy } from './proxy.js';
import { startRedirect, startTls } from './servers.js';

/** The company's own authority, for servers, clients and code. What it issues names its OCSP responder. */
async function createCompanyAuthority() {
  const pki = `http://${places.pki}`;
  const authority = await createAuthority({ name: 'Wabbit Networks', ocspUrls: [`${pki}/ocsp`] });
  const issueTls = (purpose: string) =>
    authority.issueLeaf({
      extensions: () => [
        keyUsage(['digitalSignature']),
        extendedKeyUsage([purpose]),
        subjectAltName(Object.values(places)),
      ],
    });
  const server = await issueTls(purposes.serverAuth);
  return {
    authority,
    tls: { key: server.privateKeyPem, cert: server.pem },
    client: await issueTls(purposes.clientAuth),
  };
}

/** A registry that wants client certificates, a Vault with a key that has no certificate yet, the authority's services, and the proxy. */
export async function startCompany() {
  const { authority, tls, client } = await createCompanyAuthority();
  const services = createAuthorityServices(authority);
  const registry = createEmbeddedRegistry({ auth: { scheme: 'token', accounts: Object.values(accounts) } });
  const vault = await serveVault([{ name: 'net-monitor', versions: [await createKeyPair('EC-384')] }], {
    token: 'hvs.root',
    appRole,
    pki: { authority, role },
  });
  const secured = await startTls(tls, Number(new URL(vault.url).port));
  const redirect = await startRedirect(places.pki);
  const { port } = await services.listen({ tls });
  const registryPort = (await registry.listen({ tls: { ...tls, clientAuthority: authority.root.pem } })).port;
  const proxy = await startProxy(
    new Map([
      [`${places.registry}:443`, registryPort],
      [`${places.vault}:443`, secured.port],
      [`${places.tsa}:443`, port],
      [`${places.pki}:443`, port],
      [`${places.pki}:80`, redirect.port],
    ]),
  );
  const parts = [proxy, registry, vault, secured, redirect, services];
  const close = () => Promise.all(parts.map((part) => part.close()));
  return { proxy, client, ca: authority.root.pem, close };
}
