import { openGraph } from '@notarykit/artifact-graph';
import { CodedError } from '@notarykit/common';
import type { Repository } from '@notarykit/oci';
import { describe, expect, it } from 'vitest';
import { image, memory } from './content.js';

describe('resolve', () => {
  it('P3 returns the requested digest, whatever the repository answers', async () => {
    const repository = memory();
    const good = await image(repository);
    const evil = await image(repository, { layers: ['evil/evil'] });
    const lying: Repository = { ...repository, resolve: async () => evil };
    const asked = openGraph(lying).resolve(good.digest);
    await expect(asked).rejects.toMatchObject({ code: 'ERR_OCI_DIGEST_MISMATCH' });
    const full = openGraph(lying).resolve(`registry.test/app:v1@${good.digest}`);
    await expect(full).rejects.toMatchObject({ code: 'ERR_OCI_DIGEST_MISMATCH' });
  });

  it.each([null, undefined, 'text', {}, { mediaType: 'a/b', digest: 'x', size: 1 }, { size: Number.NaN }])(
    'refuses what is not a descriptor: %j',
    async (answer) => {
      const repository = memory();
      const one = await image(repository);
      const given = typeof answer === 'object' && answer !== null && 'size' in answer ? { ...one, ...answer } : answer;
      const lying: Repository = { ...repository, resolve: async () => given as typeof one };
      for (const name of ['v1', one.digest])
        await expect(openGraph(lying).resolve(name)).rejects.toMatchObject({
          code: expect.stringMatching(/^ERR_OCI_/),
        });
    },
  );

  it.each(['registry.test/other:v1', 'other.test/app:v1', 'registry.test:5000/app:v1', 'registry.test/app'])(
    'refuses %s',
    async (reference) => {
      const repository = memory();
      await repository.tag(await image(repository), 'v1');
      await expect(openGraph(repository).resolve(reference)).rejects.toMatchObject({ code: 'ERR_GRAPH_REFERENCE' });
    },
  );

  it.each(['v1', 'registry.test/app:v1', 'Registry.TEST:443/app:v1'])(
    'accepts %s, and returns the tag',
    async (reference) => {
      const repository = memory();
      const descriptor = await image(repository);
      await repository.tag(descriptor, 'v1');
      expect(await openGraph(repository).resolve(reference)).toMatchObject({
        descriptor: { digest: descriptor.digest },
        tag: 'v1',
      });
    },
  );

  it('never remembers a tag', async () => {
    const repository = memory();
    const view = openGraph(repository);
    const one = await image(repository);
    await repository.tag(one, 'v1');
    await view.resolve('v1');
    const other = await image(repository, { layers: ['a/b'] });
    await repository.tag(other, 'v1');
    expect((await view.resolve('v1')).descriptor.digest).toBe(other.digest);
  });

  it('refuses what callers without types give', async () => {
    const view = openGraph(memory());
    for (const reference of [undefined, null, 1, {}, { digest: 'sha256:x' }])
      await expect(view.resolve(reference as never)).rejects.toBeInstanceOf(CodedError);
  });
});
