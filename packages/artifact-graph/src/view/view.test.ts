import { CodedError, utf8 } from '@notarykit/common';
import {
  type Descriptor,
  describe as describeBytes,
  type MemoryRepository,
  mediaTypes,
  memoryRepository,
  OciError,
  type Platform,
  type Repository,
} from '@notarykit/oci';
import { describe, expect, it } from 'vitest';
import { openGraph, type Referrer, type SetAsideReason } from '../index.js';

const type = 'application/vnd.test.report';

async function put(repository: Repository, mediaType: string, document: unknown): Promise<Descriptor> {
  const bytes = utf8(typeof document === 'string' ? document : JSON.stringify(document));
  const descriptor = describeBytes(mediaType, bytes);
  await repository.push(descriptor, bytes);
  return descriptor;
}

interface ImageOptions {
  readonly platform?: Platform;
  readonly layers?: readonly string[];
  readonly subject?: Descriptor;
  readonly artifactType?: string;
  readonly annotations?: Record<string, string>;
}

async function image(repository: Repository, { platform, layers = ['x/y'], ...more }: ImageOptions = {}) {
  const config = await put(repository, mediaTypes.imageConfig, platform ?? {});
  const parts = await Promise.all(layers.map((mediaType) => put(repository, mediaType, mediaType)));
  const document = { schemaVersion: 2, mediaType: mediaTypes.imageManifest, config, layers: parts, ...more };
  return await put(repository, mediaTypes.imageManifest, document);
}

async function index(repository: Repository, manifests: readonly object[]): Promise<Descriptor> {
  return await put(repository, mediaTypes.imageIndex, {
    schemaVersion: 2,
    mediaType: mediaTypes.imageIndex,
    manifests,
  });
}

const on = (architecture: string, descriptor: Descriptor): Descriptor => ({
  ...descriptor,
  platform: { os: 'linux', architecture },
});

const attesting = (descriptor: Descriptor, target: Descriptor, more: object = {}): Descriptor => ({
  ...descriptor,
  platform: { os: 'unknown', architecture: 'unknown' },
  annotations: {
    'vnd.docker.reference.type': 'attestation-manifest',
    'vnd.docker.reference.digest': target.digest,
  },
  ...more,
});

/** A repository that notes what it is asked. */
function counted(repository: Repository): Repository & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    ...repository,
    asked,
    fetch: (descriptor, options) => {
      asked.push(`fetch ${descriptor.digest}`);
      return repository.fetch(descriptor, options);
    },
    async *referrers(subject, options) {
      asked.push(`list ${options?.artifactType ?? ''}`);
      yield* repository.referrers(subject, options);
    },
  };
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

const memory = (): MemoryRepository => memoryRepository('registry.test/app');

async function withReferrers(count: number) {
  const repository = memory();
  const subject = await image(repository);
  const referrers: Descriptor[] = [];
  for (let i = 0; i < count; i++)
    referrers.push(await image(repository, { subject, artifactType: type, annotations: { i: String(i) } }));
  return { repository, subject, referrers };
}

describe('resolve', () => {
  it('P3 gives what was asked for by digest, whatever the repository says', async () => {
    const repository = memory();
    const good = await image(repository);
    const evil = await image(repository, { layers: ['evil/evil'] });
    const lying: Repository = { ...repository, resolve: async () => evil };
    const asked = openGraph(lying).resolve(good.digest);
    await expect(asked).rejects.toMatchObject({ code: 'ERR_OCI_DIGEST_MISMATCH' });
    const full = openGraph(lying).resolve(`registry.test/app:v1@${good.digest}`);
    await expect(full).rejects.toMatchObject({ code: 'ERR_OCI_DIGEST_MISMATCH' });
  });

  it.each(['registry.test/other:v1', 'other.test/app:v1', 'registry.test:5000/app:v1', 'registry.test/app'])(
    'refuses %s',
    async (reference) => {
      const repository = memory();
      await repository.tag(await image(repository), 'v1');
      await expect(openGraph(repository).resolve(reference)).rejects.toMatchObject({ code: 'ERR_GRAPH_REFERENCE' });
    },
  );

  it.each(['v1', 'registry.test/app:v1', 'Registry.TEST:443/app:v1'])(
    'takes %s, and says the tag',
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

describe('manifest', () => {
  it('reads exactly, or tolerates a Docker twin', async () => {
    const repository = memory();
    const config = await put(repository, mediaTypes.imageConfig, {});
    const named = { schemaVersion: 2, mediaType: mediaTypes.dockerManifest, config, layers: [] };
    const twin = await put(repository, mediaTypes.imageManifest, named);
    const view = openGraph(repository);
    expect((await view.manifest(twin, { reading: 'tolerant' })).manifest.kind).toBe('image');
    await expect(view.manifest(twin)).rejects.toMatchObject({ code: 'ERR_OCI_INVALID' });
  });

  it('never reads bytes that are kept as another kind of document', async () => {
    const repository = memory();
    const descriptor = await image(repository);
    const view = openGraph(repository);
    await view.manifest(descriptor);
    const other = view.manifest({ ...descriptor, mediaType: mediaTypes.imageIndex });
    await expect(other).rejects.toMatchObject({ code: 'ERR_OCI_INVALID' });
    const longer = view.manifest({ ...descriptor, size: descriptor.size + 1 });
    await expect(longer).rejects.toMatchObject({ code: 'ERR_OCI_SIZE_MISMATCH' });
  });

  it('is asked for once, by many at a time and later', async () => {
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

describe('referrers', () => {
  it('reads nothing that is not asked for, and forgets a list that was left', async () => {
    const { repository, subject, referrers } = await withReferrers(3);
    const asking = counted(repository);
    const view = openGraph(asking);
    for await (const referrer of view.referrers(subject, { artifactTypes: [type] })) {
      expect(referrer).toMatchObject({ kind: 'referrer', artifactType: type });
      break;
    }
    expect(asking.asked).toEqual([`list ${type}`, `fetch ${referrers[0]?.digest}`]);
    expect(await all(view.referrers(subject, { artifactTypes: [type] }))).toHaveLength(3);
    expect(asking.asked.filter((what) => what.startsWith('list'))).toHaveLength(2);
  });

  it('remembers a list that was read to its end, until it is to look again', async () => {
    const { repository, subject } = await withReferrers(2);
    const asking = counted(repository);
    const view = openGraph(asking);
    await all(view.referrers(subject));
    await image(repository, { subject, artifactType: type });
    expect(await all(view.referrers(subject))).toHaveLength(2);
    expect(await all(view.again().referrers(subject))).toHaveLength(3);
    expect(await all(view.listReferrersNow(subject))).toHaveLength(3);
    expect(asking.asked.filter((what) => what.startsWith('list'))).toHaveLength(3);
    expect(asking.asked.filter((what) => what.startsWith('fetch'))).toHaveLength(3);
  });

  it.each([0, 2])('reads %i ahead, and gives them in their order', async (ahead) => {
    const { repository, subject, referrers } = await withReferrers(5);
    const found = await all(openGraph(repository).referrers(subject, { ahead }));
    expect(found.map(({ descriptor }) => descriptor?.digest)).toEqual(referrers.map(({ digest }) => digest));
  });

  it('ends the request under way when it is left', async () => {
    const { repository, subject, referrers } = await withReferrers(2);
    const aborted: string[] = [];
    let begin = (): void => undefined;
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const silent: Repository = {
      ...repository,
      fetch: (descriptor, options) =>
        descriptor.digest === referrers[0]?.digest
          ? repository.fetch(descriptor, options)
          : new Promise((_, reject) => {
              begin();
              options?.signal?.addEventListener('abort', () => {
                aborted.push(descriptor.digest);
                reject(options.signal?.reason as Error);
              });
            }),
    };
    const list = openGraph(silent).referrers(subject)[Symbol.asyncIterator]();
    expect(await list.next()).toMatchObject({ value: { kind: 'referrer' } });
    const second = list.next();
    await begun;
    await list.return?.();
    expect(await second).toMatchObject({ done: true });
    expect(aborted).toEqual([referrers[1]?.digest]);
  });

  it("rejects with the caller's reason", async () => {
    const { repository, subject } = await withReferrers(1);
    const silent: Repository = { ...repository, fetch: () => new Promise(() => undefined) };
    const caller = new AbortController();
    const list = openGraph(silent).referrers(subject, { signal: caller.signal })[Symbol.asyncIterator]();
    const first = list.next();
    const reason = new Error('enough');
    caller.abort(reason);
    await expect(first).rejects.toBe(reason);
    await expect(all(openGraph(repository).referrers(subject, { signal: caller.signal }))).rejects.toBe(reason);
  });

  it('refuses more entries than may be, read or not', async () => {
    const { repository, subject } = await withReferrers(3);
    const view = openGraph(repository, { maxReferrers: 2 });
    await expect(all(view.referrers(subject))).rejects.toMatchObject({ code: 'ERR_GRAPH_LIMIT' });
    await expect(all(view.listReferrersNow(subject))).rejects.toMatchObject({ code: 'ERR_GRAPH_LIMIT' });
    const refusing: Repository = {
      ...repository,
      async *referrers(...given) {
        for (let i = 0; i < 3; i++) given[1]?.onRefused?.({ cause: new OciError('ERR_OCI_INVALID', 'odd') });
        yield* repository.referrers(...given);
      },
    };
    const refused = all(openGraph(refusing, { maxReferrers: 2 }).referrers(subject));
    await expect(refused).rejects.toMatchObject({ code: 'ERR_GRAPH_LIMIT' });
  });

  it('fails with the list itself', async () => {
    const { repository, subject } = await withReferrers(1);
    const broken: Repository = {
      ...repository,
      async *referrers(...given) {
        yield* repository.referrers(...given);
        throw new OciError('ERR_OCI_INVALID', 'a page that is none');
      },
    };
    await expect(all(openGraph(broken).referrers(subject))).rejects.toMatchObject({ code: 'ERR_OCI_INVALID' });
  });
});

describe('an entry that is no referrer', () => {
  const raw = (document: unknown, mediaType: string = mediaTypes.imageManifest) => {
    const bytes = utf8(typeof document === 'string' ? document : JSON.stringify(document));
    return { bytes, descriptor: describeBytes(mediaType, bytes) };
  };
  const config = describeBytes(mediaTypes.empty, utf8('{}'));
  const document = (subject: Descriptor, more: object = {}) => ({
    schemaVersion: 2,
    mediaType: mediaTypes.imageManifest,
    artifactType: type,
    config,
    layers: [],
    subject,
    ...more,
  });
  const annotations = Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`a${i}`, '']));

  type Bad = (subject: Descriptor) => { readonly bytes?: Uint8Array; readonly descriptor: Descriptor };
  const bad: readonly (readonly [what: string, reason: SetAsideReason, code: string, make: Bad])[] = [
    ['with another subject', 'subjectMismatch', 'ERR_GRAPH_REFERRER', (s) => raw(document(other(s)))],
    ['without a subject', 'noSubject', 'ERR_GRAPH_REFERRER', (s) => raw({ ...document(s), subject: undefined })],
    ['that is a blob', 'notAManifest', 'ERR_GRAPH_REFERRER', () => raw('{}', mediaTypes.octetStream)],
    ['with 1,001 annotations', 'unreadable', 'ERR_OCI_LIMIT', (s) => raw(document(s, { annotations }))],
    [
      'with a member twice',
      'unreadable',
      'ERR_OCI_INVALID',
      (s) => raw(JSON.stringify(document(s)).replace('{', '{"schemaVersion":2,')),
    ],
    [
      'with a layer of no type',
      'unreadable',
      'ERR_OCI_INVALID',
      (s) => raw(document(s, { layers: [{ ...config, mediaType: 'text' }] })),
    ],
    [
      'of another kind',
      'unreadable',
      'ERR_OCI_INVALID',
      (s) => raw({ ...document(s), mediaType: mediaTypes.imageIndex }),
    ],
    ['that is not there', 'missing', 'ERR_OCI_NOT_FOUND', (s) => ({ descriptor: raw(document(s)).descriptor })],
    [
      'of a digest that cannot be computed',
      'unreadable',
      'ERR_OCI_UNSUPPORTED',
      (s) => ({ descriptor: { ...raw(document(s)).descriptor, digest: 'blake3:abc' } }),
    ],
    [
      'with a wrong size',
      'unreadable',
      'ERR_OCI_SIZE_MISMATCH',
      (s) => ({ ...raw(document(s)), descriptor: { ...raw(document(s)).descriptor, size: 1 } }),
    ],
    [
      'that is too large',
      'unreadable',
      'ERR_OCI_TOO_LARGE',
      (s) => ({ descriptor: { ...raw(document(s)).descriptor, size: 4 * 1024 * 1024 + 1 } }),
    ],
    [
      'of other content',
      'unavailable',
      'ERR_OCI_DIGEST_MISMATCH',
      (s) => ({ ...raw(document(s)), descriptor: { ...raw(document(s)).descriptor, digest: other(s).digest } }),
    ],
  ];
  const other = (descriptor: Descriptor): Descriptor => ({ ...descriptor, digest: `sha256:${'0'.repeat(64)}` });

  /** A repository that lists one more entry first, and has content for it. */
  function listing(repository: Repository, descriptor: Descriptor, bytes?: Uint8Array): Repository {
    return {
      ...repository,
      async fetch(wanted, options) {
        if (bytes === undefined || wanted.digest !== descriptor.digest) return await repository.fetch(wanted, options);
        return new Blob([new Uint8Array(bytes)]).stream();
      },
      async *referrers(subject, options) {
        yield descriptor;
        yield* repository.referrers(subject, options);
      },
    };
  }

  it.each(bad)('P6 %s is set aside: %s', async (_, reason, code, make) => {
    const { repository, subject, referrers } = await withReferrers(1);
    const { descriptor, bytes } = make(subject);
    const found = await all(openGraph(listing(repository, descriptor, bytes)).referrers(subject));
    expect(found).toMatchObject([
      { kind: 'setAside', descriptor: { digest: descriptor.digest }, reason, cause: { code } },
      { kind: 'referrer', descriptor: { digest: referrers[0]?.digest } },
    ]);
  });

  it('P6 that the repository cannot read is set aside in its place', async () => {
    const { repository, subject } = await withReferrers(1);
    const refusing: Repository = {
      ...repository,
      async *referrers(...given) {
        yield* repository.referrers(...given);
        given[1]?.onRefused?.({ cause: new OciError('ERR_OCI_LIMIT', 'too many annotations') });
      },
    };
    expect(await all(openGraph(refusing).referrers(subject))).toMatchObject([
      { kind: 'referrer' },
      { kind: 'setAside', reason: 'unreadable', cause: { code: 'ERR_OCI_LIMIT' } },
    ]);
  });

  it('is unavailable where the repository fails, whatever it fails with', async () => {
    const { repository, subject } = await withReferrers(1);
    const failing: Repository = { ...repository, fetch: () => Promise.reject(new TypeError('a bug')) };
    const [found] = await all(openGraph(failing).referrers(subject));
    expect(found).toMatchObject({ kind: 'setAside', reason: 'unavailable', cause: { code: 'ERR_GRAPH_UNAVAILABLE' } });
  });

  it('hides no right one by its size', async () => {
    const { repository, subject, referrers } = await withReferrers(1);
    const [right] = referrers as [Descriptor];
    const found = await all(openGraph(listing(repository, { ...right, size: 1 })).referrers(subject));
    expect(found.map((referrer: Referrer) => referrer.kind)).toEqual(['setAside', 'referrer']);
  });
});

describe('platforms', () => {
  it('gives each manifest once, through indexes in indexes', async () => {
    const repository = counted(memory());
    const amd = on('x86_64', await image(repository));
    const arm = on('arm64', await image(repository, { layers: ['a/b'] }));
    const inner = await index(repository, [arm, amd]);
    const root = await index(repository, [amd, inner, inner, amd]);
    const platforms = await openGraph(repository).platforms(root);
    expect(platforms).toMatchObject({ index: true, attestations: [] });
    expect(platforms.runnable.map(({ platform }) => platform?.architecture)).toEqual(['amd64', 'arm64']);
    expect(repository.asked).toHaveLength(2);
  });

  it('are expanded in linear time where each index names the next one twice', async () => {
    const repository = counted(memory());
    let top = on('amd64', await image(repository));
    for (let i = 0; i < 15; i++) top = await index(repository, [top, top, { ...top, annotations: { i: 'again' } }]);
    expect((await openGraph(repository).platforms(top)).runnable).toHaveLength(1);
    expect(repository.asked).toHaveLength(15);
  });

  it('L3 refuse above their limits, and never shorten', async () => {
    const repository = memory();
    const one = await image(repository);
    const names = (count: number) =>
      Array.from({ length: count }, (_, i) => ({ ...one, digest: `sha256:${String(i).padStart(64, '0')}` }));
    const view = openGraph(repository);
    expect((await view.platforms(await index(repository, names(1000)))).runnable).toHaveLength(1000);
    const more = view.platforms(await index(repository, names(1001)));
    await expect(more).rejects.toMatchObject({ code: 'ERR_GRAPH_LIMIT' });
    let top = one;
    for (let i = 0; i < 18; i++) top = await index(repository, [top]);
    await expect(view.platforms(top)).rejects.toMatchObject({ code: 'ERR_GRAPH_LIMIT' });
  });

  it('include an index that holds nothing, but for the artifact itself', async () => {
    const repository = memory();
    const empty = await index(repository, []);
    const view = openGraph(repository);
    expect((await view.platforms(await index(repository, [empty]))).runnable).toMatchObject([{ descriptor: empty }]);
    expect(await view.platforms(empty)).toEqual({ index: true, runnable: [], attestations: [] });
  });

  it('are the artifact itself where it is no index', async () => {
    const repository = memory();
    const one = await image(repository, { platform: { os: 'linux', architecture: 'aarch64', variant: 'v8' } });
    const view = openGraph(repository);
    const { index: isIndex, runnable } = await view.platforms(one);
    expect({ isIndex, count: runnable.length }).toEqual({ isIndex: false, count: 1 });
    expect(await view.platformOf(runnable[0]!)).toEqual({ os: 'linux', architecture: 'arm64' });
  });

  it('are read from the config only where the index says nothing', async () => {
    const repository = counted(memory());
    const stated = on('arm', await image(repository));
    const silent = await image(repository, { platform: { os: 'linux', architecture: 'amd64' } });
    const view = openGraph(repository);
    const { runnable } = await view.platforms(await index(repository, [stated, silent]));
    expect(await view.platformOf(runnable[0]!)).toEqual({ os: 'linux', architecture: 'arm' });
    expect(repository.asked).toHaveLength(1);
    expect(await view.platformOf(runnable[1]!)).toEqual({ os: 'linux', architecture: 'amd64' });
    expect(repository.asked).toHaveLength(3);
  });

  it('tell an attestation that is proven', async () => {
    const repository = memory();
    const one = on('amd64', await image(repository));
    const proof = attesting(await image(repository, { layers: ['application/vnd.in-toto+json'] }), one);
    const { runnable, attestations } = await openGraph(repository).platforms(await index(repository, [one, proof]));
    expect(runnable.map(({ descriptor }) => descriptor.digest)).toEqual([one.digest]);
    expect(attestations).toMatchObject([{ descriptor: { digest: proof.digest }, target: one.digest }]);
  });

  const inToto = { layers: ['application/vnd.in-toto+json'] };
  const about = (digest: string, type = 'attestation-manifest') => ({
    annotations: { 'vnd.docker.reference.type': type, 'vnd.docker.reference.digest': digest },
  });
  it.each<[string, ImageOptions, (target: Descriptor) => object]>([
    ['has a platform', inToto, () => ({ platform: { os: 'linux', architecture: 'amd64' } })],
    ['says nothing', inToto, () => ({ annotations: {} })],
    ['does not say that it is one', inToto, ({ digest }) => about(digest, 'image')],
    ['is about a manifest of another index', inToto, () => about(`sha256:${'2'.repeat(64)}`)],
    ['holds another layer', { layers: ['application/vnd.in-toto+json', 'a/b'] }, () => ({})],
    ['holds nothing', { layers: [] }, () => ({})],
    ['is not there', inToto, () => ({ digest: `sha256:${'1'.repeat(64)}` })],
    ['is not what it says', inToto, () => ({ size: 1 })],
  ])('P16 take for runnable what claims to be an attestation and %s', async (_, content, more) => {
    const repository = memory();
    const one = on('amd64', await image(repository));
    const claim = attesting(await image(repository, content), one, more(one));
    const platforms = await openGraph(repository).platforms(await index(repository, [one, claim]));
    expect(platforms.runnable.map(({ descriptor }) => descriptor.digest)).toContain(claim.digest);
    expect(platforms.attestations).toEqual([]);
  });

  it('P16 take for runnable what is an attestation in one place only', async () => {
    const repository = memory();
    const one = on('amd64', await image(repository));
    const content = await image(repository, inToto);
    const proof = attesting(content, one);
    for (const entries of [
      [one, proof, on('arm64', content)],
      [one, on('arm64', content), proof],
    ]) {
      const platforms = await openGraph(repository).platforms(await index(repository, entries));
      expect(platforms.attestations).toEqual([]);
      expect(platforms.runnable).toHaveLength(2);
    }
  });
});

describe('bytes and streams', () => {
  it('hold at most so many bytes, and stream more', async () => {
    const repository = memory();
    const blob = await put(repository, 'a/b', 'x'.repeat(100));
    const view = openGraph(repository, { maxBlobBytes: 99 });
    await expect(view.bytes(blob)).rejects.toMatchObject({ code: 'ERR_OCI_TOO_LARGE' });
    expect(await new Response(await view.stream(blob)).text()).toHaveLength(100);
  });

  it('are hashed, whoever gives them', async () => {
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
