import { packArtifact, tagArtifact } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import type { Descriptor } from '@notarykit/oci';
import { createRegistry, type RegistryRepository } from '@notarykit/registry-client';
import {
  type Action,
  createEmbeddedRegistry,
  type EmbeddedRegistry,
  type EmbeddedRegistryOptions,
  faults,
} from '@notarykit/testing';
import { afterEach, expect, it } from 'vitest';

const open: EmbeddedRegistry[] = [];
afterEach(() => Promise.all(open.splice(0).map((registry) => registry.close())));

interface Fixture {
  readonly registry: EmbeddedRegistry;
  readonly repository: RegistryRepository;
  readonly first: Descriptor;
  readonly second: Descriptor;
}

async function fixture(options: EmbeddedRegistryOptions = {}): Promise<Fixture> {
  const registry = createEmbeddedRegistry(options);
  open.push(registry);
  const { host } = await registry.listen();
  const repository = createRegistry({ registry: host, retry: { maxRetries: 0 } }).repository('app');
  const push = async (text: string): Promise<Descriptor> => {
    const layers = [{ mediaType: 'text/plain', content: utf8(text) }];
    return (await packArtifact(repository, { artifactType: 'application/vnd.test', layers })).descriptor;
  };
  return { registry, repository, first: await push('first'), second: await push('second') };
}

const tags = ['v1', 'v1.2', 'v1.2.3'];

/** The references and queries that manifests were written by. */
const writes = ({ registry }: Fixture, from = 0): readonly string[] =>
  registry.requests
    .slice(from)
    .filter(({ method, path }) => method === 'PUT' && path.includes('/manifests/'))
    .map(({ path, query }) => `${path.split('/').at(-1)}${query}`);

const placesOf = async ({ repository }: Fixture): Promise<readonly (string | undefined)[]> =>
  await Promise.all(
    tags.map((tag) =>
      repository.resolve(tag).then(
        ({ digest }) => digest,
        () => undefined,
      ),
    ),
  );

it('D13 moves several tags with one request, and reads back that they moved', async () => {
  const on = await fixture();
  await tagArtifact(on.repository, on.first, 'v1');
  const from = on.registry.requests.length;
  const { tags: outcomes } = await tagArtifact(on.repository, on.second, tags);
  expect(writes(on, from)).toEqual([`${on.second.digest}?tag=v1&tag=v1.2&tag=v1.2.3`]);
  expect(outcomes).toEqual([
    { tag: 'v1', before: on.first.digest, after: on.second.digest, changed: true, guard: 'none' },
    { tag: 'v1.2', before: null, after: on.second.digest, changed: true, guard: 'none' },
    { tag: 'v1.2.3', before: null, after: on.second.digest, changed: true, guard: 'none' },
  ]);
  expect(await placesOf(on)).toEqual(tags.map(() => on.second.digest));
  expect((await tagArtifact(on.repository, on.second, tags)).tags.map(({ changed }) => changed)).toEqual([
    false,
    false,
    false,
  ]);
});

it('sets tags one by one where the registry ignores the query, and tries the query once', async () => {
  const on = await fixture({ tagParameters: false });
  for (const artifact of [on.first, on.second]) {
    const from = on.registry.requests.length;
    const { tags: outcomes } = await tagArtifact(on.repository, artifact, tags);
    expect(outcomes.map(({ changed }) => changed)).toEqual([true, true, true]);
    expect(await placesOf(on)).toEqual(tags.map(() => artifact.digest));
    const together = writes(on, from).filter((write) => write.includes('?tag='));
    expect(together).toHaveLength(artifact === on.first ? 1 : 0);
  }
});

it.each([400, 404, 405, 413, 414, 431, 501])(
  'sets tags one by one where the query is refused with %i',
  async (code) => {
    const on = await fixture();
    const action = faults.status({ status: code });
    on.registry.rule({ method: 'PUT', when: ({ url }) => url.searchParams.has('tag'), action });
    await tagArtifact(on.repository, on.first, tags);
    expect(await placesOf(on)).toEqual(tags.map(() => on.first.digest));
  },
);

it('D13 sets a tag itself when the registry only claims to have set it', async () => {
  const on = await fixture({ tagParameters: false });
  const action = faults.header('OCI-Tag', tags.join(', '));
  on.registry.rule({ method: 'PUT', when: ({ url }) => url.searchParams.has('tag'), action });
  const { tags: outcomes } = await tagArtifact(on.repository, on.first, tags);
  expect(outcomes.map(({ tag, changed }) => [tag, changed])).toEqual(tags.map((tag) => [tag, true]));
  expect(await placesOf(on)).toEqual(tags.map(() => on.first.digest));
});

it('finds tags that were set without being named in the answer', async () => {
  const on = await fixture({ etags: false });
  on.registry.rule({ method: 'PUT', route: 'manifest', action: faults.header('OCI-Tag', undefined) });
  const from = on.registry.requests.length;
  const { tags: outcomes } = await tagArtifact(on.repository, on.first, tags, { ifMatch: null });
  expect(outcomes.map(({ changed }) => changed)).toEqual([true, true, true]);
  expect(writes(on, from)).toHaveLength(1);
});

it('D13 moves none when the registry refuses one of them', async () => {
  const on = await fixture({ immutableTags: true });
  await tagArtifact(on.repository, on.first, 'v1.2.3');
  await expect(tagArtifact(on.repository, on.second, tags)).rejects.toMatchObject({ detail: { status: 409 } });
  expect(await placesOf(on)).toEqual([undefined, undefined, on.first.digest]);
});

it('D13 says what had moved when the rest fails, and that all did when only the answer was lost', async () => {
  const on = await fixture();
  const when = ({ url }: { readonly url: URL }): boolean => url.searchParams.has('tag');
  on.registry.rule({ method: 'PUT', when, action: faults.loseAnswer() });
  const { tags: outcomes } = await tagArtifact(on.repository, on.first, tags);
  expect(outcomes.map(({ changed }) => changed)).toEqual([true, true, true]);
  on.registry.clearRules();
  const half: Action = async (given) => {
    await given.next();
    await on.repository.tag(on.first, 'v1.2.3');
    return await faults.status({ status: 500 })(given);
  };
  on.registry.rule({ method: 'PUT', when, action: half });
  await expect(tagArtifact(on.repository, on.second, tags)).rejects.toMatchObject({
    code: 'ERR_GRAPH_TAG',
    detail: { tag: 'v1.2.3', changed: [{ tag: 'v1' }, { tag: 'v1.2' }] },
  });
});

it('D13 sets each tag under its own condition where the registry keeps conditions', async () => {
  const on = await fixture();
  await tagArtifact(on.repository, on.first, tags);
  const from = on.registry.requests.length;
  await tagArtifact(on.repository, on.second, tags, { ifMatch: on.first.digest });
  expect(writes(on, from)).toEqual(tags);
  const plain = await fixture({ etags: false });
  await tagArtifact(plain.repository, plain.first, tags);
  const before = plain.registry.requests.length;
  const moved = await tagArtifact(plain.repository, plain.second, tags, { ifMatch: plain.first.digest });
  expect(writes(plain, before)).toHaveLength(1);
  expect(moved.tags.map(({ guard }) => guard)).toEqual(['checked', 'checked', 'checked']);
});

it('D13 compares all tags before it sets any', async () => {
  const on = await fixture({ etags: false });
  await on.repository.tag(on.first, 'v1.2');
  const from = on.registry.requests.length;
  await expect(on.repository.tagTogether?.(on.second, tags, { ifMatch: null })).rejects.toMatchObject({
    code: 'ERR_OCI_CONFLICT',
  });
  expect(writes(on, from)).toEqual([]);
});
