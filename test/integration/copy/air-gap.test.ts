import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collect, copyGraph, discover, packArtifact, referrersOf } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { fetchBytes } from '@notarykit/oci';
import { createRegistry } from '@notarykit/registry-client';
import { openLayout, openLayoutTar } from '@notarykit/registry-client/node';
import { createEmbeddedRegistry } from '@notarykit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRelease, type Release } from '../../support/copy/release.js';

let folder: string;
let release: Release;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notarykit-air-gap-'));
  release = await createRelease();
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

async function exportTo(path: string, order: readonly string[]): Promise<Uint8Array> {
  const registry = createEmbeddedRegistry();
  const repository = createRegistry({ registry: 'registry.test', fetch: registry.fetch }).repository('net-monitor');
  await copyGraph(release.repository, repository, { reference: 'v1' });
  const archive = await openLayoutTar(path, { create: true });
  for (const reference of order) await copyGraph(repository, archive, { reference });
  await archive.save();
  await archive.close();
  await registry.close();
  return await readFile(path);
}

describe('air gap', () => {
  it('works as two copies, and equal content gives an equal archive', async () => {
    const one = await exportTo(join(folder, 'one.tar'), ['v1']);
    const [image] = release.images;
    const two = await exportTo(join(folder, 'two.tar'), [image?.digest ?? '', 'v1']);
    expect(Buffer.compare(one, two)).toBe(0);

    const registry = createEmbeddedRegistry();
    const target = createRegistry({ registry: 'inside.test', fetch: registry.fetch }).repository('net-monitor');
    const archive = await openLayoutTar(join(folder, 'one.tar'));
    await copyGraph(archive, target, { reference: 'v1', assert: 'graph' });
    await archive.close();
    for await (const descriptor of release.repository.contents()) await fetchBytes(target, descriptor);
    const found = [...referrersOf(await discover(target, 'v1'))].map(({ node }) => node.descriptor.digest);
    expect(found.sort()).toEqual(release.referrers.map(({ digest }) => digest).sort());
    await registry.close();
  });
});

describe('collect', () => {
  it('removes from a layout what no tag reaches, and nothing else', async () => {
    const layout = await openLayout(join(folder, 'layout'), { create: true });
    await copyGraph(release.repository, layout, { reference: 'v1' });
    const layers = [{ mediaType: 'text/plain', content: utf8('loose') }];
    const loose = await packArtifact(layout, { artifactType: 'application/vnd.test.loose', layers });
    const plan = await collect(layout);
    expect(plan.garbage.map(({ descriptor }) => descriptor.digest)).toContain(loose.descriptor.digest);
    expect(await layout.exists(loose.descriptor)).toBe(true);
    await collect(layout, { dryRun: false });
    expect((await collect(layout)).garbage).toEqual([]);
    await copyGraph(layout, release.repository, { reference: 'v1', assert: 'graph' });
    expect(await layout.exists(loose.descriptor)).toBe(false);
  });
});
