import { copyGraph, packArtifact } from '@notarykit/artifact-graph';
import { memoryRepository } from '@notarykit/oci';
import { createRegistry } from '@notarykit/registry-client';
import { createEmbeddedRegistry } from '@notarykit/testing';
import { expect, it } from 'vitest';

const count = 300;

it.each(['tag-schema', 'api'] as const)(
  'D15 many referrers of one subject are listed together, by %s',
  async (referrers) => {
    const source = memoryRepository('source.test/app');
    const { descriptor } = await packArtifact(source, { artifactType: 'application/vnd.test', layers: [] });
    for (let i = 0; i < count; i++) {
      const annotations = { i: `${i}` };
      await packArtifact(source, {
        artifactType: 'application/vnd.test.note',
        subject: descriptor,
        annotations,
        layers: [],
      });
    }
    const registry = createEmbeddedRegistry({ referrers });
    const target = createRegistry({ registry: 'target.test', plainHttp: true, fetch: registry.fetch }).repository(
      'app',
    );
    await copyGraph(source, target, { reference: descriptor, tag: 'v1' });
    const found = [];
    for await (const referrer of target.referrers(descriptor, { artifactType: 'application/vnd.test.note' }))
      found.push(referrer);
    expect(found).toHaveLength(count);
    expect(found[0]).toMatchObject({ annotations: { i: expect.any(String) } });
    const list = `/v2/app/manifests/${descriptor.digest.replace(':', '-')}`;
    const written = registry.requests.filter(({ method, path }) => method === 'PUT' && path === list);
    expect(written.length).toBeLessThanOrEqual(referrers === 'api' ? 0 : 2);
  },
);
