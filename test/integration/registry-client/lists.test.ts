import { utf8 } from '@notarykit/common';
import { type Descriptor, describe as describeContent, mediaTypes, type RefusedEntry } from '@notarykit/oci';
import { referrersTag } from '@notarykit/oci/internal';
import type { RegistryRepository } from '@notarykit/registry-client';
import { type Action, faults, type Rule } from '@notarykit/testing';
import { describe, expect, it } from 'vitest';
import { listAll, type Served, seed, serve } from './support.js';

const signature = 'application/vnd.test.signature';
const config = describeContent(mediaTypes.empty, utf8('{}'));

/** A manifest that refers to a subject. */
function referrerOf(subject: Descriptor, more: object = {}) {
  const bytes = utf8(
    JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageManifest, config, layers: [], subject, ...more }),
  );
  return { descriptor: describeContent(mediaTypes.imageManifest, bytes), bytes };
}

async function pushReferrer(
  repository: RegistryRepository,
  subject: Descriptor,
  more: object = {},
): Promise<Descriptor> {
  const { descriptor, bytes } = referrerOf(subject, more);
  await repository.push(descriptor, bytes);
  return descriptor;
}

const digests = (list: readonly Descriptor[]): string[] => list.map(({ digest }) => digest).sort();
const isOf = (route: string) => (one: { route: string }) => one.route === route;

describe('the list of repositories', () => {
  async function withRepositories(names: readonly string[]) {
    const served = await serve({ tagsPageSize: 2 });
    const client = served.client({ retry: { maxRetries: 0 } });
    const bytes = utf8('{}');
    for (const name of names) await client.repository(name).push(describeContent(mediaTypes.empty, bytes), bytes);
    return { served, client };
  }

  it('goes over all pages, or begins after a repository', async () => {
    const names = ['a', 'b', 'c/d', 'e', 'f'];
    const { client } = await withRepositories(names);
    expect(await listAll(client.repositories())).toEqual(names);
    expect(await listAll(client.repositories({ after: 'b', pageSize: 1 }))).toEqual(['c/d', 'e', 'f']);
  });

  it('omits the page size when the registry refuses it', async () => {
    const names = ['a', 'b', 'c'];
    const { served, client } = await withRepositories(names);
    const isLarge: NonNullable<Rule['when']> = ({ url }) => Number(url.searchParams.get('n') ?? 0) > 2;
    const refusal = faults.status({ status: 400, code: 'PAGINATION_NUMBER_INVALID' });
    served.registry.rule({ route: 'catalog', when: isLarge, action: refusal });
    expect(await listAll(client.repositories())).toEqual(names);
    expect(served.registry.requests.filter(({ status }) => status === 400)).toHaveLength(1);
  });

  it('is bounded, and leads to no other host', async () => {
    const { served } = await withRepositories(['a', 'b', 'c', 'd', 'e']);
    const few = served.client({ limits: { tagPages: 2 } });
    await expect(listAll(few.repositories())).rejects.toMatchObject({ code: 'ERR_REGISTRY_TOO_MANY_PAGES' });
    const fewer = served.client({ limits: { tags: 4 } });
    await expect(listAll(fewer.repositories())).rejects.toMatchObject({ code: 'ERR_REGISTRY_TOO_MANY_PAGES' });
    served.registry.rule({
      route: ['catalog'],
      action: faults.header('Link', '<https://evil.test/>; rel="next"'),
    });
    const client = served.client();
    await expect(listAll(client.repositories())).rejects.toMatchObject({ code: 'ERR_REGISTRY_REDIRECT' });
  });

  it.each(['nothing', '[]', '{"repositories":"a"}', '{"repositories":[1]}'])('%s is not a list', async (body) => {
    const { served, client } = await withRepositories(['a']);
    served.registry.rule({ route: ['catalog'], action: faults.status({ status: 200, body: utf8(body) }) });
    await expect(listAll(client.repositories())).rejects.toMatchObject({ code: 'ERR_REGISTRY_PROTOCOL' });
  });

  it('an invalid name in it is refused', async () => {
    const { served, client } = await withRepositories(['a']);
    served.registry.rule({
      route: ['catalog'],
      action: faults.status({ status: 200, body: utf8('{"repositories":["../a"]}') }),
    });
    await expect(listAll(client.repositories())).rejects.toMatchObject({ code: 'ERR_OCI_INVALID' });
  });
});

describe('P9 pages', () => {
  /** Ten tags and five referrers, two to a page. */
  async function paged(change: (link: string) => string | undefined) {
    const served = await serve({ tagsPageSize: 2, referrersPageSize: 2 });
    const { manifest } = await seed(served);
    const repository = served.client({ retry: { maxRetries: 0 } }).repository('net-monitor');
    for (let i = 2; i <= 10; i++) await repository.tag(manifest, `v${i}`);
    for (let i = 0; i < 5; i++) await pushReferrer(repository, manifest, { annotations: { i: String(i) } });
    served.registry.rule({
      route: ['tags', 'referrers'],
      action: faults.change((answer) => ({
        ...answer,
        headers: answer.headers.flatMap(([name, value]): (readonly [string, string])[] => {
          const changed = name.toLowerCase() === 'link' ? change(value) : value;
          return changed === undefined ? [] : [[name, changed]];
        }),
      })),
    });
    return { repository, manifest };
  }
  const target = (link: string): string => /<([^>]*)>/.exec(link)?.[1] ?? '';

  it.each<[string, (link: string) => string]>([
    ['as it is', (link) => link],
    ['with rel unquoted', (link) => `<${target(link)}>;rel=next`],
    ['in capitals', (link) => `<${target(link)}> ; REL = "NEXT"`],
    ['with several relations', (link) => `<${target(link)}>; rel="alternate next"`],
    ['relative to the page', (link) => `<?${target(link).split('?')[1]}>; rel="next"`],
    ['after others', (link) => `<https://docs.test/>; rel="help"; title="a, b; rel=next", , ${link},`],
    ['with parameters without quotes', (link) => `<${target(link)}>; type=text/html; rel=next`],
  ])('P9 a Link %s leads to the end', async (_, change) => {
    const { repository, manifest } = await paged(change);
    expect(await listAll(repository.tags())).toHaveLength(10);
    expect(await listAll(repository.referrers(manifest))).toHaveLength(5);
  });

  it.each<[string, (link: string) => string]>([
    ['without angle brackets', (link) => link.replace(/[<>]/g, '')],
    ['with one bracket', (link) => link.replace('>', '')],
    ['without rel', (link) => `<${target(link)}>`],
    ['with an empty rel', (link) => `<${target(link)}>; rel=""`],
    ['with rel in single quotes', (link) => `<${target(link)}>; rel='next'`],
    ['whose quotes do not end', (link) => `<${target(link)}>; rel="next`],
    ['that is empty', () => ''],
    ['with an empty target', () => '<>; rel="next"'],
    ['followed by something else', (link) => `${link}, next`],
    ['about another page', (link) => `${link}; anchor="/elsewhere"`],
    ['with two next pages', (link) => `${link}, </v2/other>; rel=next`],
    ['to the page before, without a separator', (link) => `${link} ${link}`],
  ])('P9 a Link %s is an error, never the end', async (_, change) => {
    const { repository, manifest } = await paged(change);
    const refused = { code: 'ERR_REGISTRY_PROTOCOL', message: expect.stringContaining('Link') };
    await expect(listAll(repository.tags())).rejects.toMatchObject(refused);
    await expect(listAll(repository.referrers(manifest))).rejects.toMatchObject(refused);
  });

  it.each(['</v2/first>; rel="first"', '</v2/x>; rel="prev last"', '</x>; rel="https://rels.test/next"'])(
    'P9 the links %s name no next page',
    async (link) => {
      const { repository } = await paged(() => link);
      expect(await listAll(repository.tags())).toHaveLength(2);
    },
  );

  it.each([
    [413, 'TAG_LIMIT_EXCEEDED'],
    [400, 'PAGINATION_NUMBER_INVALID'],
  ])('P9 a page size that is refused by %i %s is left to the registry', async (status, code) => {
    const served = await serve({ tagsPageSize: 2 });
    const { manifest } = await seed(served);
    for (const tag of ['v2', 'v3', 'v4', 'v5']) await served.client().repository('net-monitor').tag(manifest, tag);
    const isLarge: NonNullable<Rule['when']> = ({ url }) => Number(url.searchParams.get('n') ?? 0) > 2;
    served.registry.rule({ route: 'tags', when: isLarge, action: faults.status({ status, code }) });
    expect(await listAll(served.client().repository('net-monitor').tags())).toEqual(['v1', 'v2', 'v3', 'v4', 'v5']);
    expect(served.registry.requests.filter((one) => one.status === status)).toHaveLength(1);
    served.registry.clearRules();
    served.registry.rule({ route: 'tags', action: faults.status({ status, code }) });
    await expect(listAll(served.client().repository('net-monitor').tags())).rejects.toMatchObject({
      detail: { status },
    });
  });

  it('P9 the listing of before OCI 1.1 has pages too', async () => {
    const served = await serve({ referrers: 'tag-schema' });
    const { manifest } = await seed(served);
    const entries = [1, 2, 3].map((i) => referrerOf(manifest, { annotations: { i: String(i) } }).descriptor);
    const path = `/v2/net-monitor/_oras/artifacts/referrers`;
    served.registry.rule({
      when: ({ url }) => url.pathname === path,
      action: ({ request }) => {
        const at = Number(request.url.searchParams.get('at') ?? '0');
        const body = utf8(JSON.stringify({ referrers: entries.slice(at, at + 1) }));
        const link: [string, string][] = at < 2 ? [['Link', `<?at=${at + 1}>; rel=next`]] : [];
        return { status: 200, headers: [['Content-Length', String(body.length)], ...link], body };
      },
    });
    const repository = served.client({ legacyReferrers: true }).repository('net-monitor');
    expect(digests(await listAll(repository.referrers(manifest)))).toEqual(digests(entries));
  });
});

/** Changes each entry of the lists of referrers. */
const entries = (change: (entry: Record<string, unknown>) => void): Action =>
  faults.change(async (answer) => {
    const list = JSON.parse(new TextDecoder().decode(answer.body as Uint8Array));
    for (const entry of list.manifests) change(entry);
    const body = utf8(JSON.stringify(list));
    const headers = answer.headers.map(
      ([name, value]) => [name, name.toLowerCase() === 'content-length' ? String(body.length) : value] as const,
    );
    return { ...answer, headers, body };
  });

describe('lists with missing information', () => {
  async function withReferrers(more: readonly object[]) {
    const served = await serve();
    const { manifest } = await seed(served);
    const repository = served.client().repository('net-monitor');
    const pushed: Descriptor[] = [];
    for (const one of more) pushed.push(await pushReferrer(repository, manifest, one));
    served.registry.forgetRequests();
    return { served, manifest, pushed, repository: served.client().repository('net-monitor') };
  }
  const two = [{ artifactType: signature }, { artifactType: 'application/vnd.test.other' }];

  it.each(['application/json', 'text/plain; charset=utf-8', 'application/octet-stream'])(
    'P15 a list that is sent as %s is read, and what the tag names beside it',
    async (type) => {
      const { served, manifest, pushed, repository } = await withReferrers(two);
      served.registry.rule({ route: 'referrers', action: faults.header('Content-Type', type) });
      const list = utf8(
        JSON.stringify({
          schemaVersion: 2,
          mediaType: mediaTypes.imageIndex,
          manifests: [{ ...referrerOf(manifest, { annotations: { by: 'tag' } }).descriptor, artifactType: signature }],
        }),
      );
      await served.registry.seed('net-monitor', {
        manifests: [{ bytes: list, mediaType: mediaTypes.imageIndex, tags: [referrersTag(manifest.digest)] }],
      });
      const found = await listAll(repository.referrers(manifest));
      expect(digests(found)).toEqual(expect.arrayContaining(digests(pushed)));
      expect(found).toHaveLength(3);
      expect(await listAll(repository.referrers(manifest, { artifactType: signature }))).toHaveLength(2);
    },
  );

  it('P15 what says that it is JSON and cannot be read is not a missing list', async () => {
    const { served, manifest, repository } = await withReferrers(two);
    const action = faults.status({ status: 200, headers: { 'Content-Type': 'application/json' }, body: utf8('{"man') });
    served.registry.rule({ route: 'referrers', action });
    await expect(listAll(repository.referrers(manifest))).rejects.toMatchObject({ code: 'ERR_REGISTRY_PROTOCOL' });
  });

  it.each([
    'application/vnd.oci.empty.v1+json',
    'application/vnd.oci.image.config.v1+json',
    mediaTypes.imageManifest,
    '',
  ])('P15 an artifact type listed as "%s" is looked up in the manifest', async (artifactType) => {
    const { served, manifest, pushed, repository } = await withReferrers(two);
    served.registry.rule({ route: 'referrers', action: entries((entry) => Object.assign(entry, { artifactType })) });
    const found = await listAll(repository.referrers(manifest, { artifactType: signature }));
    expect(found).toMatchObject([{ digest: pushed[0]?.digest, artifactType: signature }]);
    const asked = served.registry.requests.filter(isOf('manifest'));
    expect(asked).toHaveLength(2);
    // The manifest that was wanted is at hand for whoever reads it next.
    for (const one of found) await repository.fetch(one);
    expect(served.registry.requests.filter(isOf('manifest'))).toHaveLength(2);
  });

  it('asks for nothing where the listed types decide', async () => {
    const { served, manifest, repository } = await withReferrers(two);
    expect(await listAll(repository.referrers(manifest, { artifactType: signature }))).toHaveLength(1);
    expect(served.registry.requests.map(({ route }) => route)).toEqual(['referrers']);
  });

  it('the registry is not asked to filter by what it lists', async () => {
    const { served, manifest, repository } = await withReferrers(two);
    await listAll(repository.referrers(manifest, { artifactType: signature }));
    expect(served.registry.requests.map(({ query }) => query)).toEqual(['']);
  });

  it('P6 one invalid entry does not end a list, by the API and by the tag', async () => {
    const bad = Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`a${i}`, '']));
    for (const referrers of ['api', 'tag-schema'] as const) {
      const served = await serve({ referrers });
      const { manifest } = await seed(served);
      const good = referrerOf(manifest, { artifactType: signature });
      const list = [{ ...good.descriptor, annotations: bad }, 7, { ...good.descriptor, digest: 'latest' }].map(
        (one, i) => (typeof one === 'object' && i === 0 ? { ...one, digest: `sha256:${'1'.repeat(64)}` } : one),
      );
      const bytes = utf8(JSON.stringify({ schemaVersion: 2, manifests: [...list, good.descriptor] }));
      const headers = { 'Content-Type': mediaTypes.imageIndex };
      if (referrers === 'api')
        served.registry.rule({ route: 'referrers', action: faults.status({ status: 200, headers, body: bytes }) });
      else {
        const tags = [referrersTag(manifest.digest)];
        await served.registry.seed('net-monitor', { manifests: [{ bytes, mediaType: mediaTypes.imageIndex, tags }] });
      }
      const refused: RefusedEntry[] = [];
      const onRefused = (entry: RefusedEntry): void => void refused.push(entry);
      const found = await listAll(served.client().repository('net-monitor').referrers(manifest, { onRefused }));
      expect(digests(found)).toEqual([good.descriptor.digest]);
      expect(refused.map(({ cause }) => cause.code)).toEqual(['ERR_OCI_LIMIT', 'ERR_OCI_INVALID', 'ERR_OCI_INVALID']);
    }
  });

  it('P15 what others wrote into a list stays as it is', async () => {
    const served = await serve({ referrers: 'tag-schema', sparse: true });
    const { manifest } = await seed(served);
    const tag = referrersTag(manifest.digest);
    const theirs = { ...referrerOf(manifest).descriptor, artifactType: 'a/b', 'org.test.own': { kept: [1] } };
    const before = {
      schemaVersion: 2,
      mediaType: mediaTypes.imageIndex,
      manifests: [theirs],
      annotations: { by: 'them' },
    };
    await served.registry.seed('net-monitor', {
      manifests: [{ bytes: utf8(JSON.stringify(before)), mediaType: mediaTypes.imageIndex, tags: [tag] }],
    });
    const repository = served.client().repository('net-monitor');
    const added = await pushReferrer(repository, manifest, { artifactType: signature });
    const { bytes } = await repository.fetchReference(tag);
    const after = JSON.parse(new TextDecoder().decode(bytes));
    expect(after).toMatchObject({ ...before, manifests: [...before.manifests, { digest: added.digest }] });
  });
});

/** GitLab: a name `sha256-<hex>` without a tag is taken for the digest (oras-project/oras-go#1396). */
function likeGitLab({ registry, url }: Served): void {
  registry.rule({
    method: 'GET',
    route: 'manifest',
    reference: /^sha256-[0-9a-f]{64}$/,
    action: async ({ next, request }) => {
      const answer = await next();
      if (answer.status !== 404) return answer;
      const path = request.url.pathname.replace(/sha256-([0-9a-f]{64})$/, 'sha256:$1');
      const found = await fetch(`${url}${path}`, { headers: { accept: '*/*' } });
      return { status: found.status, headers: [...found.headers], body: new Uint8Array(await found.arrayBuffer()) };
    },
  });
}

describe('P15 what the referrers tag names', () => {
  it.each([true, false])('P15 the subject itself, where there is no list yet (ETags: %s)', async (etags) => {
    const served = await serve({ referrers: 'tag-schema', etags });
    const { manifest } = await seed(served);
    const children = [manifest].map((one) => ({ ...one, platform: { os: 'linux', architecture: 'amd64' } }));
    const bytes = utf8(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: children }));
    const index = describeContent(mediaTypes.imageIndex, bytes);
    likeGitLab(served);
    const repository = served.client().repository('net-monitor');
    await repository.push(index, bytes);
    for (const subject of [manifest, index]) {
      expect(await listAll(repository.referrers(subject))).toEqual([]);
      const first = await pushReferrer(repository, subject, { artifactType: signature });
      const second = await pushReferrer(repository, subject, { artifactType: 'a/b' });
      expect(digests(await listAll(repository.referrers(subject)))).toEqual(digests([first, second]));
      expect(await repository.resolve(subject.digest)).toEqual(subject);
    }
  });

  it('P15 a registry that refuses a list under such a name says that nothing can be listed', async () => {
    const served = await serve({ referrers: 'tag-schema' });
    const { manifest } = await seed(served);
    likeGitLab(served);
    const reference = /^sha256-[0-9a-f]{64}$/;
    const action = faults.status({ status: 400, code: 'DIGEST_INVALID' });
    served.registry.rule({ method: 'PUT', route: 'manifest', reference, action });
    const repository = served.client().repository('net-monitor');
    await expect(pushReferrer(repository, manifest)).rejects.toMatchObject({ code: 'ERR_REGISTRY_UNSUPPORTED' });
  });

  it.each<[string, (subject: Descriptor, image: Descriptor) => object]>([
    ['an image index', (_, image) => ({ manifests: [{ ...image, platform: { os: 'linux', architecture: 'arm64' } }] })],
    ['an index without platforms', (_, image) => ({ manifests: [image] })],
    ['a referrer', (subject) => ({ manifests: [], subject })],
    ['a list of another type', () => ({ mediaType: mediaTypes.dockerManifestList, manifests: [] })],
  ])('P15 %s is neither added to nor overwritten', async (_, more) => {
    const served = await serve({ referrers: 'tag-schema' });
    const { manifest: image } = await seed(served);
    const repository = served.client().repository('net-monitor');
    const subject = await pushReferrer(repository, { ...image, digest: `sha256:${'3'.repeat(64)}` });
    const tag = referrersTag(subject.digest);
    const document = { schemaVersion: 2, mediaType: mediaTypes.imageIndex, ...more(subject, image) };
    const bytes = utf8(JSON.stringify(document));
    await served.registry.seed('net-monitor', { manifests: [{ bytes, mediaType: document.mediaType, tags: [tag] }] });
    await expect(pushReferrer(repository, subject, { artifactType: signature })).rejects.toMatchObject({
      code: 'ERR_REGISTRY_CONFLICT',
    });
    expect((await repository.fetchReference(tag)).bytes).toEqual(bytes);
  });

  it('P15 a list without artifact types is one where its entries refer to the subject', async () => {
    const served = await serve({ referrers: 'tag-schema' });
    const { manifest } = await seed(served);
    const theirs = referrerOf(manifest, { annotations: { by: 'others' } });
    const bytes = utf8(JSON.stringify({ schemaVersion: 2, manifests: [theirs.descriptor] }));
    await served.registry.seed('net-monitor', {
      manifests: [
        { bytes: theirs.bytes, mediaType: mediaTypes.imageManifest },
        { bytes, mediaType: mediaTypes.imageIndex, tags: [referrersTag(manifest.digest)] },
      ],
    });
    const repository = served.client().repository('net-monitor');
    const ours = await pushReferrer(repository, manifest, { artifactType: signature });
    expect(digests(await listAll(repository.referrers(manifest)))).toEqual(digests([theirs.descriptor, ours]));
  });
});
