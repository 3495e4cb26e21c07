import type { Fetch } from '@notarykit/common';
import { createHttpTimestamper, createRevocationChecker } from '@notarykit/pki';
import { createRegistry } from '@notarykit/registry-client';
import { createEmbeddedRegistry, type EmbeddedRegistryOptions } from '@notarykit/testing';
import { memoryTrustStore } from '@notarykit/trust-policy';
import { type Company, company } from './company.js';
import type { Account } from './print.js';

const hour = 60 * 60 * 1000;

/** When the story begins. */
const beginning = new Date('2026-11-24T20:00:00Z');

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
export async function createSetup({ step }: Pick<Account, 'step'>) {
  let time = beginning.getTime();
  const now = (): Date => new Date(time);
  const telling = { now, step };
  const [wabbit, baseVendor, scanVendor, stranger] = await Promise.all([
    company('Wabbit Networks', 'wabbit-networks.test', ['build', 'production', 'lost'], telling),
    company('Base Images Inc.', 'base-images.test', ['images'], telling),
    company('Scan Company', 'scan-company.test', ['scanner'], telling),
    company('Somebody Else', 'elsewhere.test', ['anybody'], telling),
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
      lost: await wabbit.issueAndRevoke('build', 'lost'),
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
    close: () => Promise.all([privateRegistry, production, ...companies].map((part) => part.close())),
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

/** What {@link createSetup} makes. */
export type Setup = Awaited<ReturnType<typeof createSetup>>;
