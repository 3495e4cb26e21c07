import { openGraph } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { type Descriptor, describe as describeContent, fetchBytes, mediaTypes } from '@notarykit/oci';
import { referrersTag } from '@notarykit/oci/internal';
import { expect, it } from 'vitest';
import { listAll, seed, serve } from './support.js';

const config = describeContent(mediaTypes.empty, utf8('{}'));

/** A registry without the API whose list for a subject already has an entry for the referrer, which is not right. */
async function misled(wrong: (right: Descriptor) => object) {
  const served = await serve({ referrers: 'tag-schema' });
  const { manifest: subject } = await seed(served);
  const repository = served.client().repository('net-monitor');
  await repository.push(config, utf8('{}'));
  const bytes = utf8(
    JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageManifest, config, layers: [config], subject }),
  );
  const right = describeContent(mediaTypes.imageManifest, bytes);
  const manifests = [{ ...right, artifactType: 'application/vnd.test', ...wrong(right) }];
  const list = utf8(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests }));
  const index = describeContent(mediaTypes.imageIndex, list);
  await repository.push(right, bytes, { unlisted: true });
  await repository.push(index, list);
  await repository.tag(index, referrersTag(subject.digest));
  return { served, repository, subject, right, bytes };
}

const lies: readonly (readonly [string, (right: Descriptor) => object])[] = [
  ['a wrong size', ({ size }) => ({ size: size + 1 })],
  ['a wrong type', () => ({ mediaType: mediaTypes.imageIndex })],
];

it.each(lies)('P10 an entry with %s hides no later entry', async (_, wrong) => {
  const { repository, subject, right, bytes } = await misled(wrong);
  await repository.push(right, bytes);
  const listed = await listAll(repository.referrers(subject));
  expect(listed.map(({ digest }) => digest)).toEqual([right.digest, right.digest]);
  const last = listed.at(-1) as Descriptor;
  expect(await fetchBytes(repository, last)).toEqual(bytes);
  const seen = await listAll(openGraph(repository).listReferrersNow(subject));
  expect(seen.map(({ digest, size }) => [digest, size])).toContainEqual([right.digest, right.size]);
});

it('P10 an entry is listed once, however often it is there', async () => {
  const { repository, subject, right, bytes } = await misled(() => ({}));
  await repository.push(right, bytes);
  expect(await listAll(repository.referrers(subject))).toHaveLength(1);
});

it('a deletion takes every entry of the digest away', async () => {
  const { repository, subject, right, bytes } = await misled(({ size }) => ({ size: size + 1 }));
  await repository.push(right, bytes);
  await repository.delete(right);
  expect(await listAll(repository.referrers(subject))).toEqual([]);
});
