import { copyGraph, discover } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { type Descriptor, mediaTypes, memoryRepository } from '@notarykit/oci';
import { referrersTag } from '@notarykit/oci/internal';
import { expect } from 'vitest';
import { listAll, seed, serve } from '../../integration/registry-client/support.ts';
import { answerOf, type Document, indexOf, on, type Players, pushDocument, put, referrerOf } from './setup.ts';

const type = 'application/vnd.test.note';
const limit = { code: 'ERR_GRAPH_LIMIT' };

async function holding(documents: readonly Document[]) {
  const served = await serve();
  await put(served.registry, documents);
  return { served, repository: served.client().repository('net-monitor') };
}

function chain(length: number, next: (last: Descriptor, i: number) => Document): Document[] {
  const documents = [indexOf([])];
  for (let i = 1; i < length; i++) documents.push(next(lastOf(documents), i));
  return documents;
}

const lastOf = (documents: readonly Document[]): Descriptor => (documents.at(-1) as Document).descriptor;
const firstOf = (documents: readonly Document[]): Descriptor => (documents[0] as Document).descriptor;

export const graph: Players = {
  'referrers-digest-lie': async () => {
    const served = await serve();
    const { manifest } = await seed(served);
    const elsewhere = referrerOf(indexOf([]).descriptor, type);
    const honest = referrerOf(manifest, type);
    await put(served.registry, [elsewhere, honest]);
    const list = indexOf([elsewhere.descriptor, honest.descriptor]).bytes;
    const rule = { route: 'referrers', reference: manifest.digest } as const;
    served.registry.rule({ ...rule, action: () => answerOf(200, mediaTypes.imageIndex, list) });
    const found = await discover(served.client().repository('net-monitor'), manifest);
    expect(found.referrers.map((node) => node.descriptor.digest)).toEqual([honest.descriptor.digest]);
    expect(found.setAside).toHaveLength(1);
  },
  'referrers-cycle': async () => {
    const served = await serve();
    const { manifest } = await seed(served);
    const [a, b] = [referrerOf(manifest, type, 'a'), referrerOf(manifest, type, 'b')];
    await put(served.registry, [a, b]);
    const listing = (subject: Descriptor, one: Document): void =>
      void served.registry.rule({
        route: 'referrers',
        reference: subject.digest,
        action: () => answerOf(200, mediaTypes.imageIndex, indexOf([one.descriptor]).bytes),
      });
    listing(a.descriptor, b);
    listing(b.descriptor, a);
    const target = memoryRepository('target/net-monitor');
    const outcome = await copyGraph(served.client().repository('net-monitor'), target, { reference: 'v1' });
    const copied = outcome.nodes.map((node) => node.descriptor.digest);
    expect(new Set(copied).size).toBe(copied.length);
    expect(await target.exists(a.descriptor)).toBe(true);
  },
  'referrers-depth': async () => {
    const documents = chain(1000, (last, i) => referrerOf(last, type, String(i)));
    const { repository } = await holding(documents);
    await expect(discover(repository, firstOf(documents))).rejects.toMatchObject(limit);
  },
  'index-depth': async () => {
    const documents = chain(1000, (last) => indexOf([last]));
    const { repository } = await holding(documents);
    const target = memoryRepository('target/net-monitor');
    const reference = lastOf(documents);
    await expect(copyGraph(repository, target, { reference, tag: false })).rejects.toMatchObject(limit);
  },
  'index-wide': async () => {
    // As many as 4 MiB hold.
    const children = Array.from({ length: 37_000 }, (_, i) => ({
      mediaType: 'a/b',
      digest: `sha256:${i.toString(16).padStart(64, '0')}` as const,
      size: 1,
    }));
    const wide = indexOf([], { manifests: children });
    const { repository } = await holding([wide]);
    const target = memoryRepository('target/net-monitor');
    const copied = copyGraph(repository, target, { reference: wide.descriptor, tag: false });
    await expect(copied).rejects.toMatchObject({ code: 'ERR_GRAPH_COPY', cause: { code: 'ERR_OCI_LIMIT' } });
  },
  'index-diamond': async () => {
    const documents: Document[] = [indexOf([], { annotations: { leaf: '1' } })];
    for (let level = 1; level <= 12; level++) {
      const previous = documents.slice(-2).map((one) => one.descriptor);
      for (const side of ['left', 'right'])
        documents.push(indexOf(previous, { annotations: { side, level: `${level}` } }));
    }
    const { served, repository } = await holding(documents);
    const target = memoryRepository('target/net-monitor');
    await copyGraph(repository, target, { reference: lastOf(documents), tag: false, referrers: false });
    const asked = on(served.registry, 'manifest', 'GET').map((one) => one.path);
    expect(new Set(asked).size).toBe(asked.length);
    expect(asked.length).toBeLessThanOrEqual(documents.length);
  },
  'tag-index-race': async () => {
    for (const etags of [true, false]) {
      const served = await serve({ referrers: 'tag-schema', etags });
      const { manifest } = await seed(served);
      const tag = referrersTag(manifest.digest);
      const other = referrerOf(manifest, type, 'other writer');
      const list = indexOf([other.descriptor]);
      await put(served.registry, [other]);
      // The other writer comes in between: with ETags before our write, without them right after it.
      const write = { bytes: list.bytes, mediaType: mediaTypes.imageIndex, tags: [tag] };
      served.registry.rule({
        method: 'PUT',
        route: 'manifest',
        reference: tag,
        first: 1,
        action: async ({ next }) => {
          const answer = etags ? undefined : await next();
          await served.registry.seed('net-monitor', { manifests: [write] });
          return answer ?? next();
        },
      });
      const first = indexOf([]);
      await served.registry.seed('net-monitor', {
        manifests: [{ bytes: first.bytes, mediaType: mediaTypes.imageIndex, tags: [tag] }],
      });
      const repository = served.client().repository('net-monitor');
      await pushDocument(repository, referrerOf(manifest, type, 'ours'));
      expect(await listAll(repository.referrers(manifest))).toHaveLength(2);
      const statuses = on(served.registry, 'manifest', 'PUT').map((one) => one.status);
      expect(statuses.includes(412)).toBe(etags);
    }
  },
  'tag-index-not-index': async () => {
    const served = await serve({ referrers: 'tag-schema' });
    const { manifest, manifestBytes } = await seed(served);
    const tag = referrersTag(manifest.digest);
    const manifests = [{ bytes: manifestBytes, mediaType: manifest.mediaType, tags: [tag] }];
    await served.registry.seed('net-monitor', { manifests });
    const repository = served.client().repository('net-monitor');
    const pushed = pushDocument(repository, referrerOf(manifest, type));
    await expect(pushed).rejects.toMatchObject({ code: 'ERR_REGISTRY_CONFLICT' });
    expect((await repository.resolve(tag)).digest).toBe(manifest.digest);
  },
  'tag-index-delete-unsupported': async () => {
    const served = await serve({ referrers: 'tag-schema', deletion: false });
    const { manifest } = await seed(served);
    const repository = served.client().repository('net-monitor');
    await pushDocument(repository, referrerOf(manifest, type, '1'));
    const old = await repository.resolve(referrersTag(manifest.digest));
    await pushDocument(repository, referrerOf(manifest, type, '2'));
    expect(await listAll(repository.referrers(manifest))).toHaveLength(2);
    expect(await repository.exists(old)).toBe(true);
  },
  'manifest-blob-unknown': async () => {
    const source = await serve();
    const target = await serve();
    const { blob } = await seed(source);
    // The target says that it has the blob, and then that it does not.
    target.registry.rule({
      method: 'HEAD',
      route: 'blob',
      reference: blob.digest,
      first: 1,
      action: () => ({
        ...answerOf(200, 'application/octet-stream', new Uint8Array(blob.size)),
        body: new Uint8Array(),
      }),
    });
    const to = target.client().repository('net-monitor');
    await copyGraph(source.client().repository('net-monitor'), to, { reference: 'v1' });
    expect(await to.exists(blob)).toBe(true);
    expect((await to.resolve('v1')).size).toBeGreaterThan(0);
  },
  'manifest-no-overwrite': async () => {
    const served = await serve({ immutableTags: true });
    const { manifest } = await seed(served);
    const other = indexOf([]);
    const repository = served.client().repository('net-monitor');
    await repository.push(other.descriptor, other.bytes);
    await expect(repository.tag(other.descriptor, 'v1')).rejects.toMatchObject({
      code: expect.stringMatching(/^ERR_/),
    });
    await repository.tag(manifest, 'v1');
    expect((await repository.resolve('v1')).digest).toBe(manifest.digest);
  },
  'tag-moves': async () => {
    const served = await serve();
    const { manifest } = await seed(served);
    const other = indexOf([]);
    served.registry.rule({
      route: 'manifest',
      reference: 'v1',
      action: async ({ next }) => {
        const answer = await next();
        const moved = { bytes: other.bytes, mediaType: mediaTypes.imageIndex, tags: ['v1'] };
        await served.registry.seed('net-monitor', { manifests: [moved] });
        return answer;
      },
    });
    const target = memoryRepository('target/net-monitor');
    await copyGraph(served.client().repository('net-monitor'), target, { reference: 'v1' });
    expect((await target.resolve('v1')).digest).toBe(manifest.digest);
  },
  'legacy-oras': async () => {
    const served = await serve({ referrers: 'tag-schema' });
    const { manifest } = await seed(served);
    const old = referrerOf(manifest, type);
    const list = utf8(JSON.stringify({ referrers: [old.descriptor] }));
    served.registry.rule({
      route: 'other',
      when: ({ url }) => url.pathname === '/v2/net-monitor/_oras/artifacts/referrers',
      action: () => answerOf(200, 'application/json', list),
    });
    const repository = served.client({ legacyReferrers: true }).repository('net-monitor');
    expect((await listAll(repository.referrers(manifest))).map((one) => one.digest)).toEqual([old.descriptor.digest]);
    expect(await listAll(served.client().repository('net-monitor').referrers(manifest))).toEqual([]);
  },
};
