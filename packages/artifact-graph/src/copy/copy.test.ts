import { utf8 } from '@notarykit/common';
import {
  type Descriptor,
  describe as describeBytes,
  type MemoryRepository,
  mediaTypes,
  memoryRepository,
  type Repository,
} from '@notarykit/oci';
import { describe, expect, it } from 'vitest';
import { attachReferrer } from '../attach.js';
import { packArtifact } from '../pack.js';
import { copyGraph } from './copy.js';

const artifactType = 'application/vnd.test.app';

async function app(repository: Repository, text = 'app', tag = 'v1'): Promise<Descriptor> {
  const layers = [{ mediaType: 'text/plain', content: utf8(text) }];
  return (await packArtifact(repository, { artifactType, layers, tags: [tag] })).descriptor;
}

const pair = (): [MemoryRepository, MemoryRepository] => [
  memoryRepository('a.test/app'),
  memoryRepository('b.test/app'),
];

async function tagsOf(repository: MemoryRepository): Promise<string[]> {
  const tags: string[] = [];
  for await (const tag of repository.tags()) tags.push(tag);
  return tags;
}

describe('copy', () => {
  it('copies tags that are named after digests, on request', async () => {
    const [source, target] = pair();
    const { digest } = await app(source);
    const name = `${digest.replace(':', '-')}.sig`;
    await app(source, 'a signature in the old way', name);
    await copyGraph(source, target, { reference: 'v1' });
    expect(await tagsOf(target)).toEqual(['v1']);
    await copyGraph(source, target, { reference: 'v1', digestTags: true });
    expect(await tagsOf(target)).toEqual([name, 'v1'].sort());
  });

  it.each([
    'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
    'application/vnd.docker.image.rootfs.foreign.diff.tar',
    'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
  ])('reports layers of type %s as not copied', async (mediaType) => {
    const [source, target] = pair();
    const config = describeBytes(mediaTypes.empty, utf8('{}'));
    await source.push(config, utf8('{}'));
    const content = utf8('a base layer');
    const { digest, size } = describeBytes(mediaType, content);
    const foreign = { mediaType, digest, size, urls: ['https://layers.test/base'] };
    const manifest = { schemaVersion: 2, mediaType: mediaTypes.imageManifest, config, layers: [foreign, foreign] };
    const bytes = utf8(JSON.stringify(manifest));
    await source.push(describeBytes(mediaTypes.imageManifest, bytes), bytes);
    const { digest: reference } = describeBytes(mediaTypes.imageManifest, bytes);
    const outcome = await copyGraph(source, target, { reference });
    expect(outcome).toMatchObject({ notCopied: [{ mediaType, digest }], missing: [], copied: { nodes: 2 } });
    expect(await target.exists(foreign)).toBe(false);
    await source.push(foreign, content);
    const whole = await copyGraph(source, target, { reference, nondistributable: true });
    expect(whole.notCopied).toEqual([]);
    expect(await target.exists(foreign)).toBe(true);
  });

  it('mounts where the target can, and copies where it cannot', async () => {
    const [source, target] = pair();
    await app(source);
    const asked: string[] = [];
    const mounting = {
      ...target,
      async mount(descriptor: Descriptor, from: Repository) {
        asked.push(from.name);
        if (descriptor.mediaType === mediaTypes.empty) return false;
        await target.push(descriptor, streamless(await source.fetch(descriptor)));
        return true;
      },
    };
    const outcome = await copyGraph(source, mounting, { reference: 'v1' });
    expect(outcome.mounted.nodes).toBe(1);
    expect(outcome.copied.nodes).toBe(2);
    expect(asked).toEqual(['a.test/app', 'a.test/app']);
    const [, other] = pair();
    await copyGraph(source, { ...mounting, ...other }, { reference: 'v1', mount: false });
    expect(asked).toHaveLength(2);
  });

  function streamless(stream: ReadableStream<Uint8Array>): () => ReadableStream<Uint8Array> {
    return () => stream;
  }

  it('ends with the reason of an abort, and tags nothing', async () => {
    const [source, target] = pair();
    await app(source);
    const controller = new AbortController();
    const reason = new Error('enough');
    const slow: Repository = {
      ...target,
      async push(...args) {
        controller.abort(reason);
        await target.push(...args);
      },
    };
    const copying = copyGraph(source, slow, { reference: 'v1', signal: controller.signal });
    await expect(copying).rejects.toBe(reason);
    expect(await tagsOf(target)).toEqual([]);
  });

  it('skips the subject of a copied referrer if it is not there', async () => {
    const [source, target] = pair();
    const subject = await app(source);
    const layers = [{ mediaType: 'text/plain', content: utf8('about it') }];
    const { descriptor } = await attachReferrer(source, subject, { artifactType: 'application/vnd.test.note', layers });
    await source.delete(subject);
    const outcome = await copyGraph(source, target, { reference: descriptor, tag: 'note' });
    expect(outcome.missing.map(({ digest }) => digest)).toEqual([subject.digest]);
    expect(await tagsOf(target)).toEqual(['note']);
  });

  it('copies a sparse index only on request', async () => {
    const [source, target] = pair();
    const here = await app(source);
    const gone = { ...here, digest: `sha256:${'1'.repeat(64)}` as const };
    const bytes = utf8(JSON.stringify({ schemaVersion: 2, manifests: [here, gone] }));
    const index = describeBytes(mediaTypes.imageIndex, bytes);
    await source.push(index, bytes);
    await expect(copyGraph(source, target, { reference: index, tag: 'x' })).rejects.toMatchObject({
      code: 'ERR_GRAPH_COPY',
    });
    const outcome = await copyGraph(source, target, { reference: index, tag: 'x', sparse: true });
    expect(outcome.missing).toHaveLength(1);
  });

  it('pushes a blob again when the target reports it first and lacks it later', async () => {
    const [source, target] = pair();
    await app(source);
    let denied = false;
    const forgetful: Repository = {
      ...target,
      exists: async (descriptor) => descriptor.mediaType === 'text/plain' || (await target.exists(descriptor)),
      async push(descriptor, content, options) {
        if (descriptor.mediaType !== mediaTypes.imageManifest || denied)
          return await target.push(descriptor, content, options);
        denied = true;
        throw Object.assign(new Error('MANIFEST_BLOB_UNKNOWN'), { code: 'ERR_OCI_NOT_FOUND' });
      },
    };
    const outcome = await copyGraph(source, forgetful, { reference: 'v1' });
    expect(outcome.tags).toMatchObject([{ tag: 'v1', changed: true }]);
    expect(await target.exists(describeBytes('text/plain', utf8('app')))).toBe(true);
  });

  it('H11 works from the digest it resolved, also when the tag moves', async () => {
    const [source, target] = pair();
    const first = await app(source);
    const moving: Repository = {
      ...source,
      async resolve(...args) {
        const descriptor = await source.resolve(...args);
        await app(source, 'moved');
        return descriptor;
      },
    };
    const outcome = await copyGraph(moving, target, { reference: 'v1' });
    expect(outcome.root.digest).toBe(first.digest);
    expect((await target.resolve('v1')).digest).toBe(first.digest);
  });

  it('moves the tag only from where it was expected', async () => {
    const [source, target] = pair();
    await app(source);
    await app(target, 'another');
    await expect(copyGraph(source, target, { reference: 'v1', ifMatch: null })).rejects.toMatchObject({
      code: 'ERR_GRAPH_TAG',
    });
    const { digest } = await target.resolve('v1');
    const outcome = await copyGraph(source, target, { reference: 'v1', ifMatch: digest });
    expect(outcome.tags).toMatchObject([{ before: digest, guard: 'compare-and-swap', changed: true }]);
  });
});
