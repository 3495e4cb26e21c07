import { attachReferrer, packArtifact } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { streamOf } from '@notarykit/common/internal';
import {
  type Descriptor,
  describe as describeBytes,
  mediaTypes,
  memoryRepository,
  OciError,
  type Repository,
} from '@notarykit/oci';
import { buildIndexDocument, parseIndexDocument } from '@notarykit/oci/internal';
import { copy, createBundle, discover, readBundle, verifyBundle } from 'notarykit';
import { beforeAll, describe, expect, it } from 'vitest';
import { blobName, type Files, forge } from '../../support/bundle/forge.js';
import { type BundleCase, createBundleCase, trustOf } from '../../support/bundle/lab.js';

let made: BundleCase;
beforeAll(async () => {
  made = await createBundleCase();
});

const plain = ({ mediaType, digest, size }: Descriptor): Descriptor => ({ mediaType, digest, size });

async function put(repository: Repository, mediaType: string, document: object): Promise<Descriptor> {
  const bytes = utf8(JSON.stringify(document));
  const descriptor = describeBytes(mediaType, bytes);
  await repository.push(descriptor, bytes);
  return plain(descriptor);
}

/** A layout with its own document, around one artifact. */
async function hostile(artifact: (repository: Repository) => Promise<Descriptor>, policy: string) {
  const repository = memoryRepository('bundle.invalid/bundle');
  const descriptor = await artifact(repository);
  const config = await put(repository, mediaTypes.empty, {});
  const artifacts = [{ repository: 'r.test/a', ...descriptor, referrers: [] }];
  const document = { version: '1.0', policy, content: true, artifacts, evidence: [] };
  const layer = await put(repository, 'application/vnd.notarykit.bundle.v1+json', document);
  const manifest = await put(repository, mediaTypes.imageManifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.imageManifest,
    artifactType: 'application/vnd.notarykit.bundle.v1',
    config,
    layers: [layer],
  });
  await repository.tag(manifest, 'notarykit-bundle');
  let fetched = 0;
  const counted: Repository = {
    ...repository,
    fetch: (...given) => {
      fetched++;
      return repository.fetch(...given);
    },
  };
  return { layout: counted, fetched: () => fetched };
}

/** An index that names the one below so many times, so many levels deep. */
const nested = (width: number, depth: number) => async (repository: Repository) => {
  const config = await put(repository, mediaTypes.empty, {});
  let node = await put(repository, mediaTypes.imageManifest, { schemaVersion: 2, config, layers: [] });
  for (let i = 0; i < depth; i++)
    node = await put(repository, mediaTypes.imageIndex, { schemaVersion: 2, manifests: Array(width).fill(node) });
  return node;
};

describe('a bundle of indexes in indexes', () => {
  it.each([
    [2, 15],
    [100, 14],
  ])('L3 %i wide and %i deep is checked in as many steps as it has manifests', async (width, depth) => {
    const trust = trustOf(made.lab, 'r.test/a');
    const { layout, fetched } = await hostile(nested(width, depth), trust.policy.digest);
    await expect(verifyBundle(layout, trust)).rejects.toMatchObject({ code: 'ERR_TRUST_NO_SIGNATURE' });
    expect(fetched()).toBeLessThanOrEqual(depth + 4);
  });

  it('L3 deeper than a graph may be is refused', async () => {
    const trust = trustOf(made.lab, 'r.test/a');
    const { layout } = await hostile(nested(1, 18), trust.policy.digest);
    await expect(verifyBundle(layout, trust)).rejects.toMatchObject({ code: 'ERR_GRAPH_LIMIT' });
  });
});

describe('an empty bundle', () => {
  it('L12 does not verify, and is not made', async () => {
    const empty = await forge(made.bundle, ({ document }) => {
      document.artifacts = [] as never;
    });
    expect(await made.codeOf(empty)).toBe('ERR_NOTARYKIT_BUNDLE NOTHING_VERIFIED');
    expect((await readBundle(empty)).artifacts).toEqual([]);
    await expect(createBundle([], made.trust)).rejects.toMatchObject({ detail: { reason: 'NOTHING_VERIFIED' } });
  });
});

describe('what a bundle does not name', () => {
  /** Adds content and entries of `index.json` to an archive. */
  const added = (contents: readonly (readonly [Descriptor, Uint8Array])[], listed: readonly Descriptor[]) =>
    forge(made.bundle, (_, files: Files) => {
      for (const [descriptor, bytes] of contents) files.set(blobName(descriptor), bytes);
      const index = parseIndexDocument(files.get('index.json') as Uint8Array);
      files.set('index.json', buildIndexDocument([...index, ...listed]));
    });

  async function withUnlisted() {
    const scratch = memoryRepository('scratch.test/app');
    const contents: [Descriptor, Uint8Array][] = [];
    const noting: Repository = {
      ...scratch,
      push: async (descriptor, content, options) => {
        if (content instanceof Uint8Array) contents.push([descriptor, content]);
        await scratch.push(descriptor, content, options);
      },
    };
    const layers = [{ mediaType: 'text/plain', content: utf8('nobody vouched for this') }];
    const unlisted = await attachReferrer(noting, made.lab.artifact, { artifactType: 'sbom/unlisted', layers });
    return { unlisted: unlisted.descriptor, bundle: await added(contents, [plain(unlisted.descriptor)]) };
  }

  it('L12 is neither listed nor copied out of it', async () => {
    const { unlisted, bundle } = await withUnlisted();
    const { repository, artifacts } = await verifyBundle(bundle, made.trust);
    const source = repository(made.lab.repository.name);
    const [artifact] = artifacts;
    expect(await source.exists(unlisted)).toBe(true);
    const target = memoryRepository('inside.test/app');
    await copy(source, target, { reference: artifact?.verdict.digest ?? '', tag: 'v1' });
    expect(await target.exists(unlisted)).toBe(false);
    const types = (await discover(target, 'v1')).referrers.map(({ manifest }) => manifest.artifactType).sort();
    expect(types).toEqual(['application/vnd.cncf.notary.signature', 'sbom/example']);
  });

  it('has no tag, and nothing under another name', async () => {
    const { repository } = await readBundle(made.bundle);
    const { name } = made.lab.repository;
    expect((await repository(`${name.replace('outside', 'OUTSIDE')}`).resolve('v1')).digest).toBe(
      made.lab.artifact.digest,
    );
    for (const [other, tag] of [
      [name, 'notarykit-bundle'],
      [name, 'v2'],
      ['other.test/app', 'v1'],
    ] as const)
      await expect(repository(other).resolve(tag)).rejects.toMatchObject({ code: 'ERR_OCI_NOT_FOUND' });
    const twice = await forge(made.bundle, ({ document }) => {
      const [artifact] = document.artifacts;
      const { mediaType, digest, size } = artifact.referrers[0];
      document.artifacts.push({ ...artifact, mediaType, digest, size, referrers: [] as never });
    });
    const ambiguous = (await readBundle(twice)).repository(name).resolve('v1');
    await expect(ambiguous).rejects.toMatchObject({ detail: { reason: 'MALFORMED' } });
  });

  it('archives differ by their digests only', async () => {
    const { bundle } = await withUnlisted();
    const sourceOf = async (bytes: Uint8Array | ReadableStream<Uint8Array>) =>
      (await readBundle(bytes)).repository('r.test/a').source;
    expect(await sourceOf(made.bundle)).toBe(describeBytes('a/b', made.bundle).digest);
    expect(await sourceOf(streamOf(made.bundle))).toBe(await sourceOf(made.bundle));
    expect(await sourceOf(bundle)).not.toBe(await sourceOf(made.bundle));
  });
});

describe('what the policy skips', () => {
  it('I4 goes into a bundle and out of it only where that is allowed', async () => {
    const repository = memoryRepository('skipped.test/app');
    await packArtifact(repository, { artifactType: 'application/vnd.test', layers: [], tags: ['v1'] });
    const trust = trustOf(made.lab, repository.name, { level: { level: 'skip' }, trustStores: [] });
    const refused = { detail: { reason: 'NOTHING_VERIFIED' } };
    await expect(createBundle({ repository, reference: 'v1' }, trust)).rejects.toMatchObject(refused);
    const allowed = { ...trust, allowSkipped: true };
    const bytes = await (await createBundle({ repository, reference: 'v1' }, allowed)).bytes();
    await expect(verifyBundle(bytes, trust)).rejects.toMatchObject(refused);
    expect((await verifyBundle(bytes, allowed)).artifacts).toMatchObject([{ verdict: { verdict: 'skipped' } }]);
  });
});

describe('an invalid referrer', () => {
  const listing = (more: (options: Parameters<Repository['referrers']>[1]) => Descriptor | undefined): Repository => ({
    ...made.lab.repository,
    async *referrers(...given) {
      const bad = more(given[1]);
      if (bad !== undefined) yield bad;
      yield* made.lab.repository.referrers(...given);
    },
  });
  const bundleOf = (repository: Repository) =>
    createBundle(
      { repository, reference: 'v1' },
      { ...made.trust, revocation: { fetch: made.lab.services.fetch }, content: true },
    );

  it('P6 is left out of a bundle with its reason, and nothing else is', async () => {
    const repository = listing((options) => {
      options?.onRefused?.({ cause: new OciError('ERR_OCI_LIMIT', 'too many annotations') });
      return { ...plain(made.lab.artifact), digest: `sha256:${'0'.repeat(64)}` };
    });
    const { setAside, artifacts } = await bundleOf(repository);
    expect(setAside.map(({ reason }) => reason).sort()).toEqual(['missing', 'unreadable']);
    expect(artifacts).toMatchObject([{ referrers: [{ digest: made.lab.sbom.digest }] }]);
  });

  it('L13 that is unavailable is an error: the bundle would lack it', async () => {
    const descriptor = { ...plain(made.lab.artifact), digest: `sha256:${'1'.repeat(64)}` as const };
    const repository: Repository = {
      ...listing((options) => (options?.artifactType === undefined ? descriptor : undefined)),
      fetch: (wanted, options) =>
        wanted.digest === descriptor.digest
          ? Promise.reject(new TypeError('the registry is gone'))
          : made.lab.repository.fetch(wanted, options),
    };
    await expect(bundleOf(repository)).rejects.toMatchObject({ code: 'ERR_GRAPH_UNAVAILABLE' });
  });

  it('L14 a signature of a referrer that is unavailable is an error too', async () => {
    const { repository: whole, sbom } = made.lab;
    for await (const { digest } of whole.referrers(sbom)) {
      const repository: Repository = {
        ...whole,
        fetch: (wanted, options) =>
          wanted.digest === digest
            ? Promise.reject(new TypeError('the registry is gone'))
            : whole.fetch(wanted, options),
      };
      await expect(bundleOf(repository)).rejects.toMatchObject({ code: 'ERR_TRUST_NOT_VERIFIED' });
    }
    const { artifacts } = await bundleOf(whole);
    expect(artifacts).toMatchObject([{ referrers: [{ digest: sbom.digest }] }]);
  });
});
