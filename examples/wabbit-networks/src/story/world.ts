import type { Fetch } from '@notarykit/common';
import { localSigner } from '@notarykit/kms-providers/local';
import { createHttpTimestamper, createRevocationChecker, parseCertificate } from '@notarykit/pki';
import { createRegistry } from '@notarykit/registry-client';
import type { Signer } from '@notarykit/signature-envelope';
import {
  createAuthority,
  createAuthorityServices,
  createEmbeddedRegistry,
  type EmbeddedRegistryOptions,
} from '@notarykit/testing';
import { memoryTrustStore } from '@notarykit/trust-policy';

const hour = 60 * 60 * 1000;

/** When the story begins. */
const beginning = new Date('2026-11-24T20:00:00Z');

type Clock = () => Date;

/** A company with its own certificate authority, its online services, and its signers. */
async function company(name: string, domain: string, now: Clock) {
  const host = `pki.${domain}`;
  const base = `http://${host}`;
  const authority = await createAuthority({ name, keySpec: 'EC-384' });
  const services = createAuthorityServices(authority, { now });
  const issueLeaf = (department: string) =>
    authority.issueLeaf({
      subject: { CN: `${department}.${domain}`, OU: department, O: name, ST: 'WA', C: 'US' },
      ocspUrls: [services.ocspUrl(base)],
    });
  const issue = async (department: string): Promise<Signer> => {
    const { privateKeyPem, pem } = await issueLeaf(department);
    return localSigner({ privateKey: privateKeyPem, certificateChain: pem });
  };
  /** The signer of somebody who lost the key. */
  const issueAndRevoke = async (department: string): Promise<Signer> => {
    const lost = await issueLeaf(department);
    services.revoke(lost, { reason: 'keyCompromise' });
    return lost.signer;
  };
  return {
    host,
    root: parseCertificate(authority.root.certificate),
    services,
    timestampUrl: services.timestampUrl(base),
    issue,
    issueAndRevoke,
  };
}

type Company = Awaited<ReturnType<typeof company>>;

/** A registry that demands an account, and a client with that account. */
async function registry(
  account: { readonly username: string; readonly password: string },
  scheme: 'token' | 'basic',
  options: EmbeddedRegistryOptions = {},
) {
  const embedded = createEmbeddedRegistry({ ...options, auth: { scheme, accounts: [account] } });
  const { host } = await embedded.listen();
  return { host, client: createRegistry({ registry: host, credentials: account }), close: () => embedded.close() };
}

/** Everybody in the story. Its clock moves when told to. */
export async function createWorld() {
  let time = beginning.getTime();
  const now: Clock = () => new Date(time);
  const [wabbit, baseVendor, scanVendor, stranger] = await Promise.all([
    company('Wabbit Networks', 'wabbit-networks.test', now),
    company('Base Images Inc.', 'base-images.test', now),
    company('Scan Company', 'scan-company.test', now),
    company('Somebody Else', 'elsewhere.test', now),
  ]);
  const companies = [wabbit, baseVendor, scanVendor, stranger];
  const privateRegistry = await registry(
    { username: 'wabbit-build', password: 'only in the private network' },
    'token',
  );
  // Production runs a registry without the referrers API; nothing else in the story changes.
  const production = await registry({ username: 'wabbit-production', password: 'only at promotion' }, 'basic', {
    referrers: 'tag-schema',
  });
  const fetch = fetchFrom(companies);
  return {
    now,
    pass: ({ days }: { readonly days: number }): void => {
      time += days * 24 * hour;
    },
    privateRegistry,
    production,
    signers: {
      baseImages: await baseVendor.issue('images'),
      build: await wabbit.issue('build'),
      lost: await wabbit.issueAndRevoke('build'),
      scanner: await scanVendor.issue('scanner'),
      production: await wabbit.issue('production'),
      stranger: await stranger.issue('anybody'),
    },
    /** What the build adds to its signatures, so that they outlive its certificate. */
    timestamps: {
      timestamper: createHttpTimestamper({ url: wabbit.timestampUrl, roots: [wabbit.root], fetch, now }),
      timestampRoots: [wabbit.root],
    },
    trustStore: memoryTrustStore({
      ca: { 'base-images': baseVendor.root, 'scan-company': scanVendor.root, 'wabbit-networks': wabbit.root },
      tsa: { 'wabbit-networks': wabbit.root },
    }),
    revocation: createRevocationChecker({ fetch }),
    close: () => Promise.all([privateRegistry.close(), production.close()]),
  };
}

/** Reaches the companies' own OCSP and timestamping services; nothing leaves this process. */
function fetchFrom(companies: readonly Company[]): Fetch {
  const byHost = new Map(companies.map(({ host, services }) => [host, services.fetch]));
  return (url, init) => {
    const fetch = byHost.get(new URL(url).hostname);
    if (fetch === undefined) throw new Error(`no such host: ${url}`);
    return fetch(url, init);
  };
}

/** What {@link createWorld} makes. */
export type World = Awaited<ReturnType<typeof createWorld>>;
