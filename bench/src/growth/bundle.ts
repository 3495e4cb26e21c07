import { createRegistry, type RegistryRepository } from '@notarykit/registry-client';
import { createTrustLab } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { createBundle, sign, verifyBundle } from 'notarykit';
import { labPolicy } from '../../../test/support/lab-policy.ts';
import { pushImage } from './content.js';
import type { Curve, Work } from './curve.js';

async function setUp(size: number) {
  const { registry, signer, close, ...lab } = await createTrustLab({ registry: { remember: false } });
  const open = createRegistry({ registry: 'bench.test', fetch: registry.fetch });
  const inputs: { readonly repository: RegistryRepository; readonly reference: string }[] = [];
  for (let i = 0; i < size; i++) {
    // Both kinds at once: several artifacts in a repository, and several repositories.
    const repository = open.repository(`team/app-${i % Math.ceil(size / 4)}`);
    const image = await pushImage(repository, `app ${i}`);
    await repository.tag(image, `v${i}`);
    await sign(repository, image, { signer });
    inputs.push({ repository, reference: `v${i}` });
  }
  const policy = parseTrustPolicy(labPolicy({ withoutRevocation: true }));
  return { inputs, trust: { policy, trustStore: memoryTrustStore(lab.trustStore) }, close };
}

const sizes = [1, 10, 100, 1_000];

/** A bundle with content, made. */
export const bundleCreate: Curve = {
  name: 'bundle.create',
  of: 'artifacts',
  sizes,
  quick: 100,
  async prepare(size): Promise<Work> {
    const { inputs, trust, close } = await setUp(size);
    return { run: async () => await (await createBundle(inputs, { ...trust, content: true })).bytes(), close };
  },
};

/** The same bundle, verified, each of its artifacts expected by name. */
export const bundleVerify: Curve = {
  name: 'bundle.verify',
  of: 'artifacts',
  sizes,
  quick: 100,
  async prepare(size): Promise<Work> {
    const { inputs, trust, close } = await setUp(size);
    const bytes = await (await createBundle(inputs, { ...trust, content: true })).bytes();
    const expect = inputs.map(({ repository, reference }) => `${repository.name}:${reference}`);
    return {
      async run() {
        const { artifacts } = await verifyBundle(bytes, { ...trust, expect });
        if (artifacts.length !== size) throw new Error(`${artifacts.length} of ${size} artifacts`);
      },
      close,
    };
  },
};
