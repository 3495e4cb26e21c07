import type { CallOptions } from '@notarykit/common';
import type { Repository } from '@notarykit/oci';
import { discover, inspect, sign } from 'notarykit';
import { expect } from 'vitest';
import { places } from '../network.js';
import { pushImage, type Setup } from '../setup.js';
import type { Call, Column } from '../table.js';

type Showing = (repository: Repository, setup: Setup, call: CallOptions) => Promise<unknown>;

const discovers: Showing = (repository, { images }, call) => discover(repository, images.both, call);
const inspects: Showing = (repository, { images }, call) => inspect(repository, images.both, call);

const through =
  (run: Showing): Call =>
  async (setup) => {
    const { asked, repository } = setup.network;
    expect(await asked(() => run(repository, setup, {}))).toContain(`GET http://${places.registry}/v2/team/app/`);
  };

const stops =
  (run: Showing): Call =>
  async (setup) => {
    const reason = new Error('given up');
    await expect(run(setup.repository, setup, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  };

/** Index, image and the signature of each; without its manifests the index and its own signature. */
const discoversPlatforms: Call = async (setup) => {
  const { repository, vendor: signer } = setup;
  const image = await pushImage(repository, setup.unique());
  await sign(repository, image, { signer, platforms: 'both' });
  const { referrers, manifests } = await discover(repository, image);
  expect([referrers.length, manifests.map((manifest) => manifest.referrers.length)]).toEqual([1, [1]]);
  expect((await discover(repository, image, { manifests: false })).manifests).toEqual([]);
};

const discoversWithProgress: Call = async ({ repository, images }) => {
  const reported: number[] = [];
  const seen = new Set<string>();
  await discover(repository, images.once, {
    onProgress: ({ found, node }) => {
      reported.push(found);
      seen.add(node.digest);
    },
  });
  expect(reported.length).toBeGreaterThanOrEqual(3);
  expect(reported).toEqual(reported.map((_, i) => i + 1));
  expect(seen).toContain(images.once.digest);
};

const inspectsWithProgress: Call = async (setup) => {
  const { repository, vendor: signer } = setup;
  const image = await pushImage(repository, setup.unique());
  for (const format of ['jws', 'cose'] as const) await sign(repository, image, { signer, format });
  const reported: unknown[] = [];
  const { signatures } = await inspect(repository, image, { onProgress: (progress) => void reported.push(progress) });
  expect(reported).toEqual(signatures.map((signature, i) => ({ done: i + 1, signature })));
  expect(reported).toHaveLength(2);
};

/** Verbs that show what is there. */
export const shownColumns: readonly Column[] = [
  { ability: 'platforms', cells: { discover: discoversPlatforms } },
  { ability: 'transport', cells: { discover: through(discovers), inspect: through(inspects) } },
  { ability: 'abort', cells: { discover: stops(discovers), inspect: stops(inspects) } },
  { ability: 'progress', cells: { discover: discoversWithProgress, inspect: inspectsWithProgress } },
];
