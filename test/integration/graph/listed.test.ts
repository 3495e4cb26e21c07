import { copyGraph, openGraph, packArtifact } from '@notarykit/artifact-graph';
import { findUnlisted } from '@notarykit/artifact-graph/internal';
import { type Descriptor, memoryRepository, type Repository } from '@notarykit/oci';
import { describe, expect, it } from 'vitest';
import { image, type } from './content.js';

/** A repository that lists other referrers than it has; asked for a type, those that are listed with it. */
function listing(repository: Repository, entries: readonly Descriptor[]): Repository {
  return Object.create(repository, {
    referrers: {
      value: async function* (_: Descriptor, { artifactType }: { artifactType?: string } = {}) {
        yield* entries.filter((one) => artifactType === undefined || one.artifactType === artifactType);
      },
    },
  });
}

type Listing = (right: Descriptor) => readonly Descriptor[];

/** A subject with one referrer, and a repository that lists it in its own way. */
async function createListing(list: Listing) {
  const repository = memoryRepository('registry.test/app');
  const subject = await image(repository);
  const { descriptor: referrer } = await packArtifact(repository, { artifactType: type, layers: [], subject });
  return { subject, referrer, listed: listing(repository, list(referrer)) };
}

const wrong: readonly (readonly [what: string, list: Listing])[] = [
  ['not at all', () => []],
  ['with another size', (right) => [{ ...right, size: right.size + 1 }]],
  ['with another media type', (right) => [{ ...right, mediaType: 'application/vnd.oci.image.index.v1+json' }]],
  ['with another artifact type', (right) => [{ ...right, artifactType: 'text/other' }]],
  [
    'with wrong entries only',
    (right) => [
      { ...right, size: 1 },
      { ...right, artifactType: 'text/other' },
    ],
  ],
];

describe('D18 a referrer that a reader would not find', () => {
  it.each(wrong)('is unlisted: listed %s', async (_, list) => {
    const { subject, referrer, listed } = await createListing(list);
    expect(await findUnlisted(openGraph(listed), [{ subject, referrer }])).toEqual([{ subject, referrer }]);
  });

  it.each(wrong)('makes a copy incomplete: listed %s', async (_, list) => {
    const source = memoryRepository('source.test/app');
    const subject = await image(source);
    const { descriptor: referrer } = await packArtifact(source, { artifactType: type, layers: [], subject });
    const target = listing(memoryRepository('target.test/app'), list(referrer));
    await expect(copyGraph(source, target, { reference: subject, tag: false })).rejects.toMatchObject({
      cause: { code: 'ERR_GRAPH_INCOMPLETE' },
    });
  });

  it('is listed: a right entry among wrong ones', async () => {
    const { subject, referrer, listed } = await createListing((right) => [{ ...right, size: 1 }, right]);
    expect(await findUnlisted(openGraph(listed), [{ subject, referrer }])).toEqual([]);
  });

  it('is listed: without a type, by a repository that finds it by its type all the same', async () => {
    const { subject, referrer, listed } = await createListing(({ mediaType, digest, size }) => [
      { mediaType, digest, size },
    ]);
    const finding: Repository = Object.create(listed, {
      referrers: {
        value: async function* (of: Descriptor, options: { artifactType?: string } = {}) {
          if (options.artifactType === type) yield referrer;
          else yield* listed.referrers(of, options);
        },
      },
    });
    expect(await findUnlisted(openGraph(finding), [{ subject, referrer }])).toEqual([]);
    expect(await findUnlisted(openGraph(listed), [{ subject, referrer }])).toEqual([{ subject, referrer }]);
  });
});
