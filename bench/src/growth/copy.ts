import { copyGraph } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { type Descriptor, describe, mediaTypes } from '@notarykit/oci';
import { createRegistry, type RegistryRepository } from '@notarykit/registry-client';
import { createEmbeddedRegistry, type EmbeddedRegistry } from '@notarykit/testing';
import { image, pushImage, referrer } from './content.js';
import type { Curve, Work } from './curve.js';

interface Ends {
  readonly registry: EmbeddedRegistry;
  readonly source: RegistryRepository;
  /** An empty repository. */
  target(): RegistryRepository;
  readonly root: Descriptor;
}

async function ends(): Promise<Ends> {
  const registry = createEmbeddedRegistry({ remember: false, mount: 'off' });
  const open = createRegistry({ registry: 'bench.test', fetch: registry.fetch });
  const source = open.repository('source');
  let targets = 0;
  return { registry, source, target: () => open.repository(`target-${targets++}`), root: await pushImage(source) };
}

/** One artifact with many referrers. */
export const copyReferrers: Curve = {
  name: 'copy.referrers',
  of: 'referrers of one artifact',
  sizes: [10, 100, 1_000, 10_000],
  quick: 1_000,
  async prepare(size): Promise<Work> {
    const { registry, source, target, root } = await ends();
    await registry.seed('source', {
      blobs: [utf8('{}')],
      manifests: Array.from({ length: size }, (_, i) => referrer(root, i)),
    });
    return {
      async run() {
        const { nodes } = await copyGraph(source, target(), { reference: root.digest, tag: 'v1' });
        if (nodes.length < size) throw new Error(`copied ${nodes.length} of ${size}`);
      },
      close: () => registry.close(),
    };
  },
};

/** Many artifacts, each copied on its own into one repository. */
export const copyArtifacts: Curve = {
  name: 'copy.artifacts',
  of: 'artifacts',
  sizes: [10, 100, 1_000, 10_000],
  quick: 100,
  async prepare(size): Promise<Work> {
    const { registry, source, target } = await ends();
    const images = Array.from({ length: size }, (_, i) => image(i));
    await registry.seed('source', { blobs: [utf8('{}')], manifests: images });
    const described = images.map(({ bytes }) => describe(mediaTypes.imageManifest, bytes));
    return {
      async run() {
        const to = target();
        for (const [i, { digest }] of described.entries())
          await copyGraph(source, to, { reference: digest, tag: `v${i}` });
      },
      close: () => registry.close(),
    };
  },
};
