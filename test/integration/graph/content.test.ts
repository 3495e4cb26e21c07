import { openGraph } from '@notarykit/artifact-graph';
import { mediaTypes, type Repository } from '@notarykit/oci';
import { describe, expect, it } from 'vitest';
import { counted, image, memory, put } from './content.js';

describe('manifest', () => {
  it('reads strictly, or tolerates the Docker media type', async () => {
    const repository = memory();
    const config = await put(repository, mediaTypes.imageConfig, {});
    const named = { schemaVersion: 2, mediaType: mediaTypes.dockerManifest, config, layers: [] };
    const twin = await put(repository, mediaTypes.imageManifest, named);
    const view = openGraph(repository);
    expect((await view.manifest(twin, { reading: 'tolerant' })).manifest.kind).toBe('image');
    await expect(view.manifest(twin)).rejects.toMatchObject({ code: 'ERR_OCI_INVALID' });
  });

  it('never parses cached bytes as another kind of document', async () => {
    const repository = memory();
    const descriptor = await image(repository);
    const view = openGraph(repository);
    await view.manifest(descriptor);
    const other = view.manifest({ ...descriptor, mediaType: mediaTypes.imageIndex });
    await expect(other).rejects.toMatchObject({ code: 'ERR_OCI_INVALID' });
    const longer = view.manifest({ ...descriptor, size: descriptor.size + 1 });
    await expect(longer).rejects.toMatchObject({ code: 'ERR_OCI_SIZE_MISMATCH' });
  });

  it('is requested once, by concurrent and later callers', async () => {
    const repository = counted(memory());
    const descriptor = await image(repository);
    const view = openGraph(repository);
    await Promise.all([1, 2, 3].map(() => view.manifest(descriptor)));
    await view.again().manifest(descriptor);
    expect(repository.asked).toEqual([`fetch ${descriptor.digest}`]);
  });

  it('is read again beyond what may be kept, envelopes included', async () => {
    const repository = counted(memory());
    const one = await image(repository);
    const blob = await put(repository, 'a/b', 'x'.repeat(one.size));
    const view = openGraph(repository, { keptBytes: one.size + 1 });
    for (const _ of [1, 2]) await view.manifest(one);
    await view.bytes(blob);
    await view.bytes(blob);
    await view.manifest(one);
    expect(repository.asked).toEqual([one, blob, one].map(({ digest }) => `fetch ${digest}`));
  });
});

describe('bytes and streams', () => {
  it('hold up to the limit in memory, and stream larger content', async () => {
    const repository = memory();
    const blob = await put(repository, 'a/b', 'x'.repeat(100));
    const view = openGraph(repository, { maxBlobBytes: 99 });
    await expect(view.bytes(blob)).rejects.toMatchObject({ code: 'ERR_OCI_TOO_LARGE' });
    expect(await new Response(await view.stream(blob)).text()).toHaveLength(100);
  });

  it('are hashed, whatever their source', async () => {
    const repository = memory();
    const blob = await put(repository, 'a/b', 'right');
    const lying: Repository = { ...repository, fetch: async () => new Blob(['wrong']).stream() };
    const view = openGraph(lying);
    await expect(view.bytes(blob)).rejects.toMatchObject({ code: 'ERR_OCI_DIGEST_MISMATCH' });
    const read = async () => await new Response(await view.stream(blob)).text();
    await expect(read()).rejects.toMatchObject({ code: 'ERR_OCI_DIGEST_MISMATCH' });
  });
});

describe('limits', () => {
  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, '5'])('refuse %s', (maxDepth) => {
    const open = () => openGraph(memory(), { maxDepth: maxDepth as number });
    expect(open).toThrow(expect.objectContaining({ code: 'ERR_GRAPH_INVALID' }));
  });

  it('bound a manifest that is kept already', async () => {
    const repository = memory();
    const blob = await image(repository, { annotations: { a: 'x'.repeat(100) } });
    const view = openGraph(repository, { maxManifestBytes: 10 });
    await view.bytes(blob);
    await expect(view.manifest(blob)).rejects.toMatchObject({ code: 'ERR_OCI_TOO_LARGE' });
  });
});
