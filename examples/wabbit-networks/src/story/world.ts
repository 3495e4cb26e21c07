import { localSigner } from '@notarykit/kms-providers/local';
import { createRevocationChecker } from '@notarykit/pki';
import { createRegistry } from '@notarykit/registry-client';
import type { Signer } from '@notarykit/signature-envelope';
import {
  type AuthorityServices,
  createAuthority,
  createAuthorityServices,
  createEmbeddedRegistry,
  type EmbeddedRegistry,
} from '@notarykit/testing';
import { memoryTrustStore, type TrustStore } from '@notarykit/trust-policy';

/** A company with its own certificate authority, its revocation service, and its signers. */
async function company(name: string, domain: string) {
  const base = `http://pki.${domain}`;
  const authority = await createAuthority({ name, keySpec: 'EC-384' });
  const services = createAuthorityServices(authority);
  const issue = async (department: string): Promise<Signer> => {
    const { privateKeyPem, pem } = await authority.issueLeaf({
      subject: { CN: `${department}.${domain}`, OU: department, O: name, ST: 'WA', C: 'US' },
      ocspUrls: [services.ocspUrl(base)],
      keySpec: 'EC-256',
    });
    return localSigner({ privateKey: privateKeyPem, certificateChain: pem });
  };
  return { name, root: authority.root.certificate, services, issue };
}

/** A registry that demands an account, and a client with that account. */
async function registry(account: { readonly username: string; readonly password: string }, scheme: 'token' | 'basic') {
  const embedded = createEmbeddedRegistry({ auth: { scheme, accounts: [account] } });
  const { host } = await embedded.listen();
  return { embedded, host, account, client: createRegistry({ registry: host, credentials: account }) };
}

/** Everybody in the story. */
export async function createWorld() {
  const [wabbit, baseVendor, scanVendor, stranger] = await Promise.all([
    company('Wabbit Networks', 'wabbit-networks.test'),
    company('Base Images Inc.', 'base-images.test'),
    company('Scan Company', 'scan-company.test'),
    company('Somebody Else', 'elsewhere.test'),
  ]);
  const companies = [wabbit, baseVendor, scanVendor, stranger];
  const privateRegistry = await registry(
    { username: 'wabbit-build', password: 'only in the private network' },
    'token',
  );
  const production = await registry({ username: 'wabbit-production', password: 'only at promotion' }, 'basic');
  return {
    privateRegistry,
    production,
    signers: {
      baseImages: await baseVendor.issue('images'),
      build: await wabbit.issue('build'),
      scanner: await scanVendor.issue('scanner'),
      production: await wabbit.issue('production'),
      stranger: await stranger.issue('anybody'),
    },
    trustStore: memoryTrustStore({
      ca: { 'base-images': baseVendor.root, 'scan-company': scanVendor.root, 'wabbit-networks': wabbit.root },
    }) as TrustStore,
    revocation: revocationOf(companies.map(({ services }) => services)),
    close: () =>
      Promise.all(
        [privateRegistry, production].map(({ embedded }: { embedded: EmbeddedRegistry }) => embedded.close()),
      ),
  };
}

/** Asks the companies' own OCSP responders; nothing leaves this process. */
function revocationOf(services: readonly AuthorityServices[]) {
  const byHost = new Map(
    services.map((service, i) => [
      ['pki.wabbit-networks.test', 'pki.base-images.test', 'pki.scan-company.test', 'pki.elsewhere.test'][i],
      service,
    ]),
  );
  return createRevocationChecker({
    fetch: (url, init) => {
      const service = byHost.get(new URL(url).hostname);
      if (service === undefined) throw new Error(`no such host: ${url}`);
      return service.fetch(url, init);
    },
  });
}

/** What {@link createWorld} makes. */
export type World = Awaited<ReturnType<typeof createWorld>>;
