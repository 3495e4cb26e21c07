import { utf8 } from '@notarykit/common';
import { parseBlobTrustPolicy } from '@notarykit/trust-policy';
import { inspectBlob, type SignBlobOptions, signBlob, type Trust, verifyBlob } from 'notarykit';
import { expect } from 'vitest';
import { places } from '../network.js';
import { identityOf, type Setup } from '../setup.js';
import type { Call, Column } from '../table.js';
import { pluginName, pluginThat } from './plugins.js';

const content = utf8('a release');
const mediaType = 'application/jose+json';
const refused = { code: 'ERR_TRUST_NOT_VERIFIED' };

const policyOf = (who: string, revocation: 'skip' | 'enforce') =>
  parseBlobTrustPolicy({
    version: '1.0',
    trustPolicies: [
      {
        name: 'blobs',
        globalPolicy: true,
        signatureVerification: { level: 'strict', override: { revocation } },
        trustStores: ['ca:lab'],
        trustedIdentities: [identityOf(who)],
      },
    ],
  });

const signed = async ({ vendor: signer }: Setup, options: Partial<SignBlobOptions> = {}) =>
  (await signBlob(content, { signer, ...options })).envelope;

type BlobTrust = Partial<Omit<Trust, 'policy'>> & { readonly who?: string; readonly signal?: AbortSignal };

function judged({ trustStore }: Setup, envelope: Uint8Array, { who = 'vendor', ...options }: BlobTrust = {}) {
  const policy = policyOf(who, options.revocation === undefined ? 'skip' : 'enforce');
  return verifyBlob(content, envelope, { policy, trustStore, mediaType, ...options });
}

const byPlugin: Call = async (setup) => {
  const envelope = await signed(setup, { verificationPlugin: pluginName });
  expect(await judged(setup, envelope, { plugins: [pluginThat(true).plugin] })).toMatchObject({ verdict: 'trusted' });
  for (const plugins of [[pluginThat(false).plugin], []])
    await expect(judged(setup, envelope, { plugins })).rejects.toMatchObject(refused);
};

const givenUp =
  (run: (setup: Setup, signal: AbortSignal) => Promise<unknown>): Call =>
  async (setup) => {
    const reason = new Error('given up');
    await expect(run(setup, AbortSignal.abort(reason))).rejects.toBe(reason);
  };

/** What is done without a registry. */
export const blobColumns: readonly Column[] = [
  {
    ability: 'plain policy',
    cells: {
      verifyBlob: async (setup) => {
        const envelope = await signed(setup);
        expect(await judged(setup, envelope)).toMatchObject({ verdict: 'trusted' });
        await expect(judged(setup, envelope, { who: 'nobody' })).rejects.toMatchObject(refused);
      },
    },
  },
  { ability: 'plugins', cells: { signBlob: byPlugin, verifyBlob: byPlugin } },
  {
    ability: 'at/now',
    cells: {
      signBlob: async (setup) => {
        const envelope = await signed(setup, { now: new Date('2026-11-01T00:00:00Z') });
        const { signedAttributes } = await inspectBlob(envelope, { mediaType });
        expect(signedAttributes).toMatchObject({ signingTime: '2026-11-01T00:00:00Z' });
      },
      verifyBlob: async (setup) => {
        const at = new Date('1990-01-01T00:00:00Z');
        await expect(judged(setup, await signed(setup), { at })).rejects.toMatchObject(refused);
      },
    },
  },
  {
    ability: 'transport',
    cells: {
      signBlob: async (setup) => {
        const { asked, timestamping } = setup.network;
        expect(await asked(() => signed(setup, timestamping))).toContain(`POST http://${places.pki}/tsa`);
      },
      verifyBlob: async (setup) => {
        const envelope = await signed(setup);
        const revocation = setup.network.revocation();
        const seen = await setup.network.asked(() => judged(setup, envelope, { revocation }));
        expect(seen).toContain(`http://${places.pki}/ocsp`);
      },
    },
  },
  {
    ability: 'abort',
    cells: {
      signBlob: givenUp((setup, signal) => signed(setup, { signal })),
      verifyBlob: givenUp(async (setup, signal) => judged(setup, await signed(setup), { signal })),
    },
  },
];
