import { type Bytes, type CallOptions, defined, readBytes } from '@notarykit/common/internal';
import { openSource, verifyStream } from '../content.js';
import type { Descriptor } from '../descriptor.js';
import { type Digest, isDigest, parseDigest } from '../digest.js';
import { OciError } from '../errors.js';
import { maxManifestSize, parseManifest } from '../manifest.js';
import { isManifestMediaType, mediaTypes } from '../media-types.js';
import type {
  ContentDeleter,
  ContentLister,
  ContentSource,
  RangeReader,
  ReferrersOptions,
  Repository,
  TagLister,
  TagOptions,
} from '../repository.js';
import { entriesAfterDelete, entriesAfterPush } from './entries.js';
import type { LayoutBlob, LayoutFiles } from './files.js';
import { createGraphReader, nodeOf } from './graph.js';
import { buildIndexDocument, plain, readIndexDocument } from './index-document.js';
import { createSnapshots } from './snapshot.js';
import { checkLayoutTag, findTag, tagOf, withoutTag, withTag } from './tags.js';

/** A repository in an OCI image layout: every port, and tags that move by compare-and-swap. */
export type LayoutRepository = Repository & ContentDeleter & ContentLister & TagLister & RangeReader;

/**
 * A repository over the files of a layout, wherever they are. For layouts that are kept elsewhere than in a directory or a tar.
 */
export function createLayoutRepository(files: LayoutFiles, name: string): LayoutRepository {
  const graphOf = createGraphReader(files);
  const snapshot = createSnapshots(files, graphOf);
  const changeEntries = (change: Change, before: () => Promise<void> = async () => undefined): Promise<void> =>
    files.changeIndex(async (bytes) => {
      const changed = await changedIndex(bytes, change);
      await before();
      return changed;
    });

  const open = async (descriptor: Descriptor, { signal }: CallOptions): Promise<LayoutBlob> => {
    signal?.throwIfAborted();
    parseDigest(descriptor.digest);
    const blob = await files.openBlob(descriptor.digest);
    if (blob === undefined) throw notFound(`${name} has no content ${descriptor.digest}`);
    if (blob.size === descriptor.size) return blob;
    await blob.close();
    throw new OciError(
      'ERR_OCI_SIZE_MISMATCH',
      `${name}: expected ${descriptor.size} bytes for ${descriptor.digest}, the file has ${blob.size}`,
    );
  };

  const resolve = async (reference: string): Promise<Descriptor> => {
    const index = await snapshot();
    const entry = isDigest(reference)
      ? index.entry(reference)
      : (index.tagged(reference) ?? index.tagged(`${name}:${reference}`));
    if (entry !== undefined) return plain(entry);
    const node = isDigest(reference) ? (await index.graph()).graph.get(reference) : undefined;
    if (node === undefined) throw notFound(`${name} has no ${isDigest(reference) ? 'manifest' : 'tag'} ${reference}`);
    return plain(node.descriptor);
  };

  return {
    name,
    tagGuarantee: 'compare-and-swap',
    async exists(descriptor, { signal } = {}) {
      signal?.throwIfAborted();
      parseDigest(descriptor.digest);
      return await files.hasBlob(descriptor.digest, descriptor.size);
    },
    async fetch(descriptor, options = {}) {
      const blob = await open(descriptor, options);
      return verifyStream(blob.stream(0, blob.size), descriptor);
    },
    async fetchRange(descriptor, offset, length, options = {}) {
      const blob = await open(descriptor, options);
      if (offset >= 0 && length >= 0 && offset + length <= blob.size) return blob.stream(offset, length);
      await blob.close();
      throw new OciError('ERR_OCI_INVALID', `${descriptor.digest}: expected a part of its ${blob.size} bytes`);
    },
    async push(descriptor: Descriptor, content: ContentSource, { signal }: CallOptions = {}) {
      signal?.throwIfAborted();
      const { algorithm } = parseDigest(descriptor.digest);
      if (algorithm === 'sha384') throw new OciError('ERR_OCI_UNSUPPORTED', 'a layout holds sha256 and sha512 content');
      if (!isManifestMediaType(descriptor.mediaType)) {
        if (await files.hasBlob(descriptor.digest, descriptor.size)) return;
        await files.writeBlob(descriptor, openSource(content), signal);
        return;
      }
      // A manifest is parsed before it is kept: what no reader accepts must not get into index.json.
      const stream = verifyStream(openSource(content), descriptor);
      const bytes = await readBytes(stream, { limit: maxManifestSize, ...defined({ signal }) });
      const coming = nodeOf(descriptor, parseManifest(bytes, descriptor.mediaType));
      // What goes beyond a limit is refused before anything of it is written.
      await changeEntries(
        (all) => entriesAfterPush(all, plain(descriptor), (list) => graphOf(list, list === all ? {} : { coming })),
        async () => {
          if (await files.hasBlob(descriptor.digest, descriptor.size)) return;
          await files.writeBlob(descriptor, openSource(bytes), signal);
        },
      );
    },
    resolve,
    async tag(descriptor: Descriptor, tag: string, options: TagOptions = {}) {
      options.signal?.throwIfAborted();
      checkLayoutTag(tag);
      if (!(await files.hasBlob(descriptor.digest, descriptor.size)))
        throw notFound(`${name} has no manifest ${descriptor.digest} to tag`);
      await changeEntries(async (all) => {
        const current = findTag(all, tag)?.digest ?? null;
        if (options.ifMatch !== undefined && options.ifMatch !== current)
          throw conflict(name, tag, options.ifMatch, current);
        return current === descriptor.digest ? undefined : withTag(all, plain(descriptor), tag);
      });
    },
    async untag(tag) {
      await changeEntries(async (all) => {
        const entry = findTag(all, tag);
        if (entry === undefined) throw notFound(`${name} has no tag ${tag}`);
        const others = all.filter((other) => tagOf(other) !== tag);
        return others.some(({ digest }) => digest === entry.digest) ? others : [...others, withoutTag(entry)];
      });
    },
    async *tags() {
      const tags = new Set((await snapshot()).entries.map(tagOf).filter((tag) => tag !== undefined));
      yield* [...tags].sort();
    },
    async *referrers(subject: Descriptor, options: ReferrersOptions = {}) {
      const index = await snapshot();
      // An entry that cannot be read might be a referrer of anything.
      for (const entry of index.refused) options.onRefused?.(entry);
      const { bySubject, claims } = await index.graph();
      for (const { descriptor } of bySubject.get(subject.digest) ?? [])
        if (options.artifactType === undefined || options.artifactType === descriptor.artifactType) yield descriptor;
      for (const claim of claims) if (claim.subject === subject.digest) yield claim.descriptor;
    },
    async delete(descriptor) {
      parseDigest(descriptor.digest);
      if (!(await files.hasBlob(descriptor.digest, descriptor.size)))
        throw notFound(`${name} has no content ${descriptor.digest}`);
      await changeEntries((all) => entriesAfterDelete(all, descriptor.digest, graphOf));
      await files.deleteBlob(descriptor.digest);
    },
    async *contents() {
      const nodes = (await (await snapshot()).graph()).graph;
      for await (const { digest, size } of files.blobs()) {
        yield nodes.get(digest)?.descriptor ?? { mediaType: mediaTypes.octetStream, digest, size };
      }
    },
  };
}

type Change = (entries: readonly Descriptor[]) => Promise<readonly Descriptor[] | undefined>;

async function changedIndex(bytes: Bytes, change: Change): Promise<Uint8Array | undefined> {
  const { entries, members } = readIndexDocument(bytes);
  const next = await change(entries);
  return next === undefined ? undefined : buildIndexDocument(next, members);
}

function notFound(message: string): OciError {
  return new OciError('ERR_OCI_NOT_FOUND', message);
}

function conflict(name: string, tag: string, expected: Digest | null, found: Digest | null): OciError {
  return new OciError(
    'ERR_OCI_CONFLICT',
    `tag ${tag} of ${name}: expected ${expected ?? 'no tag'}, found ${found ?? 'no tag'}`,
  );
}
