import { createRegistry } from '@notarykit/registry-client';
import { createEmbeddedRegistry } from '@notarykit/testing';
import { discover } from 'notarykit';
import { pushImage, referrer } from './content.js';
import type { Curve } from './curve.js';

/** Referrers of one artifact, found, fetched and hashed. */
export const discoverReferrers: Curve = {
  name: 'discover',
  of: 'referrers of one artifact',
  sizes: [10, 100, 1_000, 10_000],
  quick: 1_000,
  async prepare(size) {
    const registry = createEmbeddedRegistry({ remember: false });
    const repository = createRegistry({ registry: 'bench.test', fetch: registry.fetch }).repository('app');
    const subject = await pushImage(repository);
    await registry.seed('app', { manifests: Array.from({ length: size }, (_, i) => referrer(subject, i)) });
    return {
      async run() {
        const { referrers } = await discover(repository, subject.digest);
        if (referrers.length !== size) throw new Error(`found ${referrers.length} of ${size} referrers`);
      },
      close: () => registry.close(),
    };
  },
};
