import { type Bytes, parseJson, readBytes, utf8 } from '@notarykit/common';
import { streamOf } from '@notarykit/common/internal';
import { describe, expect, it } from 'vitest';
import {
  buildIndexDocument,
  createLayoutRepository,
  type Descriptor,
  type Digest,
  describe as describeContent,
  digestOf,
  type LayoutFiles,
  type LayoutRepository,
  layoutTar,
  maxIndexEntries,
  maxIndexSize,
  mediaTypes,
  readIndexDocument,
  readLayoutTar,
} from '../internal.js';

/** The files of a layout in memory, which can be written to. */
function memoryFiles(index: Uint8Array): LayoutFiles & { readonly index: () => string; readonly written: Digest[] } {
  let current = new Uint8Array(index) as Bytes;
  const blobs = new Map<Digest, Bytes>();
  const written: Digest[] = [];
  return {
    written,
    index: () => new TextDecoder().decode(current),
    readIndex: async () => current,
    async changeIndex(change) {
      current = new Uint8Array((await change(current)) ?? current) as Bytes;
    },
    async openBlob(digest) {
      const bytes = blobs.get(digest);
      if (bytes === undefined) return undefined;
      const stream = (offset: number, length: number) => streamOf(bytes.subarray(offset, offset + length));
      return { size: bytes.length, stream, close: async () => undefined };
    },
    hasBlob: async (digest, size) => blobs.get(digest)?.length === size,
    async writeBlob({ digest }, content) {
      blobs.set(digest, await readBytes(content, { limit: 1024 * 1024 }));
      written.push(digest);
    },
    async deleteBlob(digest) {
      blobs.delete(digest);
    },
    async *blobs() {
      for (const [digest, { length }] of blobs) yield { digest, size: length };
    },
  };
}

const manifest = (n: number): readonly [Descriptor, Uint8Array] => {
  const bytes = utf8(
    JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: [], annotations: { n: `${n}` } }),
  );
  return [describeContent(mediaTypes.imageIndex, bytes), bytes];
};
const absent = (n: number): Descriptor => ({
  mediaType: mediaTypes.imageIndex,
  digest: digestOf(utf8(`${n}`)),
  size: 1,
});
const many = (n: number): Descriptor[] => Array.from({ length: n }, (_, i) => absent(i));

describe('the limits of index.json', () => {
  it('D1 accepts more entries than an image index, up to the limit of its reader', async () => {
    const files = memoryFiles(buildIndexDocument(many(10_000)));
    const layout = createLayoutRepository(files, 'local/test');
    const [descriptor, bytes] = manifest(1);
    await layout.push(descriptor, bytes);
    await layout.tag(descriptor, 'v1');
    expect(await layout.resolve('v1')).toEqual(descriptor);
  });

  it('D1 refuses what its reader would refuse, before anything is written', async () => {
    const files = memoryFiles(buildIndexDocument(many(maxIndexEntries)));
    const before = files.index();
    const layout = createLayoutRepository(files, 'local/test');
    const [descriptor, bytes] = manifest(1);
    await expect(layout.push(descriptor, bytes)).rejects.toMatchObject({ code: 'ERR_OCI_LIMIT' });
    expect(files.written).toEqual([]);
    expect(files.index()).toBe(before);
    await expect(layout.resolve('v1')).rejects.toMatchObject({ code: 'ERR_OCI_NOT_FOUND' });
  });

  it('D1 refuses more bytes than its reader takes', () => {
    const large = many(65).map((entry) => ({ ...entry, annotations: { text: 'x'.repeat(1024 * 1024) } }));
    expect(() => buildIndexDocument(large)).toThrow(expect.objectContaining({ code: 'ERR_OCI_LIMIT' }));
    const bytes = buildIndexDocument(large.slice(0, 63));
    expect(bytes.length).toBeLessThan(maxIndexSize);
    expect(readIndexDocument(bytes).entries).toHaveLength(63);
    expect(() => readIndexDocument(new Uint8Array(maxIndexSize + 1))).toThrow(
      expect.objectContaining({ code: 'ERR_OCI_TOO_LARGE' }),
    );
  });
});

describe('entries that other tools wrote into index.json', () => {
  const [child, childBytes] = manifest(1);
  const [other, otherBytes] = manifest(2);
  const platform = { os: 'linux', architecture: 'arm64', 'vendor.member': 'kept' };
  const entry = {
    ...child,
    platform,
    urls: ['https://elsewhere.test/'],
    'vendor.member': { a: [1] },
    annotations: {
      'org.opencontainers.image.ref.name': 'v1',
      'io.containerd.image.name': 'docker.io/library/x:v1',
      'org.opencontainers.image.created': '2024-08-22T08:22:13Z',
    },
  };
  const document = { schemaVersion: 2, annotations: { top: 'level' }, 'vendor.member': true, manifests: [entry] };
  async function opened() {
    const files = memoryFiles(utf8(JSON.stringify(document)));
    const layout = createLayoutRepository(files, 'local/test');
    await layout.push(child, childBytes);
    const index = () => JSON.parse(files.index()) as { manifests: Record<string, unknown>[] };
    return { files, layout, index };
  }

  it('D2 stays when a manifest is pushed, tagged and deleted', async () => {
    const { layout, index } = await opened();
    await layout.push(other, otherBytes);
    await layout.tag(child, 'v2');
    await layout.tag(other, 'v3');
    expect(index()).toMatchObject({ annotations: { top: 'level' }, 'vendor.member': true });
    expect(index().manifests).toContainEqual(entry);
    await layout.untag('v2');
    await layout.delete(other);
    expect(index()).toEqual(document);
  });

  it('D2 stays with its manifest when the tag moves, but for the names of the tag', async () => {
    const { layout, index } = await opened();
    await layout.push(other, otherBytes);
    await layout.tag(other, 'v1');
    const { annotations: _, ...rest } = entry;
    const created = { 'org.opencontainers.image.created': '2024-08-22T08:22:13Z' };
    expect(index().manifests).toContainEqual({ ...rest, annotations: created });
    await layout.tag(child, 'v4');
    const tagged = { ...created, 'org.opencontainers.image.ref.name': 'v4' };
    expect(index().manifests).toContainEqual({ ...rest, annotations: tagged });
    expect(index().manifests).toHaveLength(2);
  });

  it('D2 stays when an index lists the manifest too', async () => {
    const { layout, index } = await opened();
    await layout.untag('v1');
    const bytes = utf8(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: [child] }));
    await layout.push(describeContent(mediaTypes.imageIndex, bytes), bytes);
    expect(index().manifests).toContainEqual(expect.objectContaining({ digest: child.digest, platform }));
  });

  it('D2 stays in an archive', async () => {
    const { files } = await opened();
    const { entries, members } = readIndexDocument(utf8(files.index()));
    const archive = await readBytes(layoutTar(files, entries, members), { limit: 1024 * 1024 });
    expect(new TextDecoder().decode(archive)).toContain(JSON.stringify(parseJson(files.index())));
    const again = await readLayoutTar(archive, { name: 'local/test' });
    expect(await again.resolve('v1')).toEqual(child);
  });
});

describe('a layout that another process writes to', () => {
  const [root, rootBytes] = manifest(1);
  const subject = { mediaType: root.mediaType, digest: root.digest, size: root.size };
  const referrerBytes = utf8(
    JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: [], subject }),
  );
  const referrer = describeContent(mediaTypes.imageIndex, referrerBytes);
  const all = async (layout: LayoutRepository): Promise<Digest[]> => {
    const found: Digest[] = [];
    for await (const { digest } of layout.referrers(root)) found.push(digest);
    return found;
  };

  it('shows the new index', async () => {
    const files = memoryFiles(buildIndexDocument([root]));
    await files.writeBlob(root, streamOf(rootBytes));
    const layout = createLayoutRepository(files, 'local/test');
    expect(await all(layout)).toEqual([]);
    await createLayoutRepository(files, 'local/test').push(referrer, referrerBytes);
    expect(await all(layout)).toEqual([referrer.digest]);
    await files.changeIndex(async () => buildIndexDocument([root]));
    expect(await all(layout)).toEqual([]);
  });

  it('shows a manifest that its index named before it was there', async () => {
    const files = memoryFiles(buildIndexDocument([root, referrer]));
    await files.writeBlob(root, streamOf(rootBytes));
    const layout = createLayoutRepository(files, 'local/test');
    expect(await all(layout)).toEqual([]);
    await files.writeBlob(referrer, streamOf(referrerBytes));
    expect(await all(layout)).toEqual([referrer.digest]);
  });
});

describe('unreadable content in a layout', () => {
  const [root, rootBytes] = manifest(1);
  const subject = { mediaType: root.mediaType, digest: root.digest, size: root.size };
  const referrer = utf8(JSON.stringify({ schemaVersion: 2, manifests: [], subject }));
  const twice = utf8(`{"schemaVersion":2,${new TextDecoder().decode(referrer).slice(1)}`);
  const annotations = Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`a${i}`, '']));
  const of = (bytes: Uint8Array): Descriptor => describeContent(mediaTypes.imageIndex, bytes);

  async function opened(extra: readonly unknown[]) {
    const tagged = { ...subject, annotations: { 'org.opencontainers.image.ref.name': 'registry.test/app:v1' } };
    const entries = [tagged, of(referrer), of(twice), ...extra];
    const files = memoryFiles(utf8(JSON.stringify({ schemaVersion: 2, manifests: entries })));
    for (const bytes of [rootBytes, referrer, twice]) await files.writeBlob(of(bytes), streamOf(bytes));
    return createLayoutRepository(files, 'registry.test/app');
  }

  it('P6 is listed where it seems to belong, so that a reader can say what is wrong with it', async () => {
    const layout = await opened([{ digest: 'none' }, { ...of(utf8('absent')), annotations }]);
    const refused: string[] = [];
    const found: Digest[] = [];
    for await (const { digest } of layout.referrers(root, { onRefused: ({ cause }) => void refused.push(cause.code) }))
      found.push(digest);
    expect(found).toEqual([of(referrer).digest, of(twice).digest]);
    expect(refused).toEqual(['ERR_OCI_INVALID']);
  });

  it('hides no tag, in the full name that containerd writes either', async () => {
    const layout = await opened([{ digest: 'none' }]);
    expect((await layout.resolve('v1')).digest).toBe(root.digest);
    expect((await layout.resolve('registry.test/app:v1')).digest).toBe(root.digest);
  });

  it('is kept when index.json is written', async () => {
    const layout = await opened([{ digest: 'none' }]);
    await expect(layout.tag(root, 'v2')).rejects.toMatchObject({ code: 'ERR_OCI_INVALID' });
    const carried = await opened([{ ...of(utf8('absent')), annotations }]);
    await carried.tag(root, 'v2');
    expect((await carried.resolve('v2')).digest).toBe(root.digest);
  });
});
