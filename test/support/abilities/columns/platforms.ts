import { utf8 } from '@notarykit/common';
import { type Descriptor, describe as describeBytes, mediaTypes } from '@notarykit/oci';
import { parseTrustPolicy } from '@notarykit/trust-policy';
import { audit, planResigning, sign, verify } from 'notarykit';
import { expect } from 'vitest';
import { runTool } from '../command-line.js';
import type { Call, Column } from '../table.js';
import type { World } from '../world.js';

const document = {
  version: '1.0',
  trustPolicies: [
    {
      name: 'platforms',
      registryScopes: ['*'],
      signatureVerification: { level: 'strict', override: { revocation: 'skip' } },
      trustStores: ['ca:lab'],
      trustedIdentities: ['*'],
    },
  ],
};
const trustOf = ({ trustStore }: World) => ({ policy: parseTrustPolicy(JSON.stringify(document)), trustStore });

const put = async ({ repository }: World, mediaType: string, content: object): Promise<Descriptor> => {
  const bytes = utf8(JSON.stringify(content));
  await repository.push(describeBytes(mediaType, bytes), bytes);
  return describeBytes(mediaType, bytes);
};

/** A new index of one image, signed with the given platforms. */
async function indexOf(world: World, name: string, platforms: 'index' | 'both'): Promise<Descriptor> {
  const platform = { os: 'linux', architecture: 'amd64' };
  const config = await put(world, mediaTypes.imageConfig, { ...platform, name, platforms });
  const shape = { schemaVersion: 2, mediaType: mediaTypes.imageManifest, config, layers: [] };
  const image = await put(world, mediaTypes.imageManifest, shape);
  const manifests = [{ ...image, platform }];
  const index = await put(world, mediaTypes.imageIndex, {
    schemaVersion: 2,
    mediaType: mediaTypes.imageIndex,
    manifests,
  });
  await sign(world.repository, index, { signer: world.vendor, platforms });
  return index;
}

/** What is signed as a whole is refused where its platforms are asked for, and what is signed with both is not. */
const judges =
  (name: string, judge: (world: World, index: Descriptor) => Promise<boolean>): Call =>
  async (world) => {
    expect(await judge(world, await indexOf(world, name, 'index'))).toBe(false);
    expect(await judge(world, await indexOf(world, name, 'both'))).toBe(true);
  };

const audited = async (world: World, index: Descriptor) => {
  const found = [];
  for await (const one of audit([{ repository: world.repository, reference: index.digest }], trustOf(world)))
    found.push(one);
  return found;
};

export const platformsColumn: Column = {
  ability: 'platforms',
  cells: {
    verify: judges('verify', (world, index) =>
      verify(world.repository, index, { ...trustOf(world), platforms: 'both' }).then(
        ({ verdict }) => verdict === 'trusted',
        () => false,
      ),
    ),
    audit: judges('audit', async (world, index) =>
      (await audited(world, index)).every(({ manifests }) => manifests.every(({ verdict }) => verdict === 'trusted')),
    ),
    planResigning: judges('planResigning', async (world, index) => {
      const { review } = await planResigning(await audited(world, index), { platforms: 'both' });
      return review.length === 0;
    }),
    'notarykit verify': async (world) => {
      const index = await indexOf(world, 'command', 'index');
      const reference = `${world.host}/team/app@${index.digest}`;
      const run = (...words: readonly string[]) => runTool(world, document, ...words, reference);
      expect((await run('verify')).code).toBe(0);
      expect((await run('verify', '--platforms', 'both')).code).not.toBe(0);
      expect((await run('sign', '--platforms', 'children')).code).toBe(0);
      expect((await run('verify', '--platforms', 'both')).code).toBe(0);
    },
  },
};
