import { utf8 } from '@notarykit/common';
import { parseBlobTrustPolicy } from '@notarykit/trust-policy';
import { inspectBlob, type SignBlobOptions, signBlob, type Trust, verifyBlob } from 'notarykit';
import { expect } from 'vitest';
import { places } from '../network.js';
import type { Call, Column } from '../table.js';
import { identityOf, type World } from '../world.js';
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

const signed = async ({ vendor: signer }: World, options: Partial<SignBlobOptions> = {}) =>
  (await signBlob(content, { signer, ...options })).envelope;

type BlobTrust = Partial<Omit<Trust, 'policy'>> & { readonly who?: string; readonly signal?: AbortSignal };

function judged({ trustStore }: World, envelope: Uint8Array, { who = 'vendor', ...options }: BlobTrust = {}) {
  const policy = policyOf(who, options.revocation === undefined ? 'skip' : 'enforce');
  return verifyBlob(content, envelope, { policy, trustStore, mediaType, ...options });
}

const byPlugin: Call = async (world) => {
  const envelope = await signed(world, { verificationPlugin: pluginName });
  expect(await judged(world, envelope, { plugins: [pluginThat(true).plugin] })).toMatchObject({ verdict: 'trusted' });
  for (const plugins of [[pluginThat(false).plugin], []])
    await expect(judged(world, envelope, { plugins })).rejects.toMatchObject(refused);
};

const givenUp =
  (run: (world: World, signal: AbortSignal) => Promise<unknown>): Call =>
  async (world) => {
    const reason = new Error('given up');
    await expect(run(world, AbortSignal.abort(reason))).rejects.toBe(reason);
  };

/** What is done without a registry. */
export const blobColumns: readonly Column[] = [
  {
    ability: 'plain policy',
    cells: {
      verifyBlob: async (world) => {
        const envelope = await signed(world);
        expect(await judged(world, envelope)).toMatchObject({ verdict: 'trusted' });
        await expect(judged(world, envelope, { who: 'nobody' })).rejects.toMatchObject(refused);
      },
    },
  },
  { ability: 'plugins', cells: { signBlob: byPlugin, verifyBlob: byPlugin } },
  {
    ability: 'at/now',
    cells: {
      signBlob: async (world) => {
        const envelope = await signed(world, { now: new Date('2026-11-01T00:00:00Z') });
        const { signedAttributes } = await inspectBlob(envelope, { mediaType });
        expect(signedAttributes).toMatchObject({ signingTime: '2026-11-01T00:00:00Z' });
      },
      verifyBlob: async (world) => {
        const at = new Date('1990-01-01T00:00:00Z');
        await expect(judged(world, await signed(world), { at })).rejects.toMatchObject(refused);
      },
    },
  },
  {
    ability: 'transport',
    cells: {
      signBlob: async (world) => {
        const { asked, timestamping } = world.network;
        expect(await asked(() => signed(world, timestamping))).toContain(`POST http://${places.pki}/tsa`);
      },
      verifyBlob: async (world) => {
        const envelope = await signed(world);
        const revocation = world.network.revocation();
        const seen = await world.network.asked(() => judged(world, envelope, { revocation }));
        expect(seen).toContain(`http://${places.pki}/ocsp`);
      },
    },
  },
  {
    ability: 'abort',
    cells: {
      signBlob: givenUp((world, signal) => signed(world, { signal })),
      verifyBlob: givenUp(async (world, signal) => judged(world, await signed(world), { signal })),
    },
  },
];
