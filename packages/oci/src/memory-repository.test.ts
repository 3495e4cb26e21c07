import { utf8 } from '@notarykit/common';
import { expect, it, describe as suite } from 'vitest';
import { fetchBytes, fetchManifest } from './content.js';
import { describe } from './descriptor.js';
import { mediaTypes } from './media-types.js';
import { memoryRepository } from './memory-repository.js';

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const bytes = (document: unknown) => utf8(JSON.stringify(document));

async function withIndex() {
  const repository = memoryRepository('registry.test/a');
  const content = bytes({ schemaVersion: 2, manifests: [] });
  const descriptor = describe(mediaTypes.imageIndex, content);
  await repository.push(descriptor, content);
  return { repository, content, descriptor };
}

suite('memoryRepository', () => {
  it('gives back what was pushed, by tag and by digest', async () => {
    const { repository, content, descriptor } = await withIndex();
    await repository.tag(descriptor, 'v1');
    expect(await repository.resolve('v1')).toMatchObject(descriptor);
    expect(await fetchBytes(repository, await repository.resolve(descriptor.digest))).toEqual(content);
  });

  it('lists referrers by type', async () => {
    const { repository, descriptor } = await withIndex();
    const content = bytes({ schemaVersion: 2, artifactType: 'a/b', manifests: [], subject: descriptor });
    await repository.push(describe(mediaTypes.imageIndex, content), content);
    const all = await collect(repository.referrers(descriptor, { artifactType: 'a/b' }));
    expect(all).toHaveLength(1);
    expect(await collect(repository.referrers(descriptor, { artifactType: 'c/d' }))).toHaveLength(0);
    expect((await fetchManifest(repository, all[0]!)).manifest.subject?.digest).toBe(descriptor.digest);
  });

  it('refuses content that is not what its descriptor says', async () => {
    const { repository, descriptor, content } = await withIndex();
    await expect(repository.push({ ...descriptor, size: 1 }, content)).rejects.toMatchObject({
      code: expect.stringMatching(/^ERR_/),
    });
    await expect(repository.push({ ...descriptor, digest: `sha256:${'0'.repeat(64)}` }, content)).rejects.toMatchObject(
      { code: 'ERR_OCI_DIGEST_MISMATCH' },
    );
  });

  it('H11 moves a tag only from where it was', async () => {
    const { repository, descriptor } = await withIndex();
    await repository.tag(descriptor, 'v1', { ifMatch: null });
    await expect(repository.tag(descriptor, 'v1', { ifMatch: null })).rejects.toMatchObject({
      code: 'ERR_OCI_CONFLICT',
    });
    await repository.tag(descriptor, 'v1', { ifMatch: descriptor.digest });
  });
});
