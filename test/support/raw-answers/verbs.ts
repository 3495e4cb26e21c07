import { readBytes, utf8 } from '@notarykit/common';
import { streamOf } from '@notarykit/common/internal';
import { type Descriptor, describe, mediaTypes } from '@notarykit/oci';
import type { RegistryRepository } from '@notarykit/registry-client';

/** Does one thing with a repository and waits until it is done. */
export type Verb = (repository: RegistryRepository) => Promise<unknown>;

const small = utf8('xx');
const blob = describe(mediaTypes.octetStream, small);
const document = utf8(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: [] }));
const manifest = describe(mediaTypes.imageIndex, document);
const referrer = utf8(JSON.stringify({ ...JSON.parse(new TextDecoder().decode(document)), subject: manifest }));
const other = describe(mediaTypes.imageIndex, utf8('{}'));
const large: Descriptor = { ...blob, digest: `sha256:${'a'.repeat(64)}`, size: 9 * 1024 * 1024 };

async function readAll(list: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of list);
}
const read = async (stream: Promise<ReadableStream<Uint8Array>>): Promise<unknown> =>
  await readBytes(await stream, { limit: 64 * 1024 * 1024 });

/** Everything that a repository of a registry can do. */
export const verbs: Readonly<Record<string, Verb>> = {
  resolve: (repository) => repository.resolve('v1'),
  'resolve a digest': (repository) => repository.resolve(other.digest),
  'fetch a blob': (repository) => read(repository.fetch(blob)),
  'fetch a large blob': (repository) => read(repository.fetch(large)),
  'fetch a manifest': (repository) => read(repository.fetch(other)),
  'fetch a range': (repository) => read(repository.fetchRange(large, 1, 2)),
  'has a blob': (repository) => repository.exists(blob),
  'has a manifest': (repository) => repository.exists(other),
  referrers: (repository) => readAll(repository.referrers(other)),
  'referrers of a type': (repository) => readAll(repository.referrers(other, { artifactType: 'a/b' })),
  tags: (repository) => readAll(repository.tags()),
  push: (repository) => repository.push(blob, small),
  'push a stream': (repository) => repository.push(blob, () => streamOf(small)),
  'push in chunks': (repository) => repository.push(blob, () => streamOf(small), { chunked: true }),
  'push of unknown size': (repository) => repository.pushStream(streamOf(small)),
  'push a manifest': (repository) => repository.push(manifest, document),
  'push a referrer': (repository) => repository.push(describe(mediaTypes.imageIndex, referrer), referrer),
  tag: (repository) => repository.tag(other, 'v1', { ifMatch: null }),
  untag: (repository) => repository.untag('v1'),
  'delete a blob': (repository) => repository.delete(blob),
  'delete a manifest': (repository) => repository.delete(other),
  mount: (repository) => repository.mount(blob, { ...repository, name: repository.name.replace(/raw/, 'from') }),
};
