import { utf8 } from '@notarykit/common';
import { type Descriptor, describe as describeContent, mediaTypes, memoryRepository } from '@notarykit/oci';
import { createRegistry, type RegistryOptions } from '@notarykit/registry-client';
import { createEmbeddedRegistry, createTrustLab, type EmbeddedRegistry } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { copy, discover, publish, verify } from 'notarykit';
import { describe, expect, it, vi } from 'vitest';
import { listAll } from './support.js';

// As on a platform that hides headers. Chromium itself is asked in test/interop/chromium.test.ts.
vi.mock(import('../../../packages/transport/src/transport.node.js'), async (original) => {
  const node = await original();
  return { ...node, platform: { ...node.platform, hidesHeaders: true } };
});

/** What a page may read of every answer (Fetch standard, "CORS-safelisted response-header name"). */
const safelisted = ['cache-control', 'content-language', 'content-length', 'content-type', 'expires', 'last-modified'];

/** The registry as a page of another origin sees it. */
function asSeen(registry: EmbeddedRegistry, exposed: readonly string[], type = 'cors') {
  const shown = new Set([...safelisted, ...exposed.map((name) => name.toLowerCase())]);
  const all = { 'access-control-expose-headers': exposed.join(', ') };
  return async (...request: Parameters<EmbeddedRegistry['fetch']>) => {
    const { status, headers, url, body } = await registry.fetch(...request);
    const get = (name: string): string | null => {
      const seen = type !== 'cors' || shown.has('*') || shown.has(name.toLowerCase());
      return seen ? (headers.get(name) ?? all[name.toLowerCase() as keyof typeof all] ?? null) : null;
    };
    return { status, url, body, type, headers: { get } };
  };
}

const config = describeContent(mediaTypes.empty, utf8('{}'));
const manifest = (more: object): Uint8Array =>
  utf8(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageManifest, config, layers: [], ...more }));

/** Some tags of one artifact and some referrers, two to a page. */
async function seeded(tags: number, referrers: number) {
  const registry = createEmbeddedRegistry({ tagsPageSize: 2, referrersPageSize: 2 });
  const bytes = manifest({ artifactType: 'a/b' });
  const { mediaType, digest, size } = describeContent(mediaTypes.imageManifest, bytes);
  const subject: Descriptor = { mediaType, digest, size };
  const names = Array.from({ length: tags }, (_, i) => `v${i}`);
  const others = Array.from({ length: referrers }, (_, i) => manifest({ subject, annotations: { i: String(i) } }));
  await registry.seed('app', {
    blobs: [utf8('{}')],
    manifests: [{ bytes, mediaType, tags: names }, ...others.map((one) => ({ bytes: one, mediaType }))],
  });
  return { registry, subject };
}

const open = (fetch: RegistryOptions['fetch'], options: Partial<RegistryOptions> = {}) =>
  createRegistry({ registry: 'registry.test', fetch: fetch as never, retry: { maxRetries: 0 }, ...options }).repository(
    'app',
  );

const hidden = { code: 'ERR_REGISTRY_HEADER_HIDDEN', message: expect.stringContaining('exposesLink') };

describe('P17 lists whose Link header the platform hides', () => {
  it.each([0, 1, 2, 5, 6])('P17 %i tags are requested until a page is empty', async (count) => {
    const { registry } = await seeded(count, 0);
    const repository = open(asSeen(registry, []));
    expect(await listAll(repository.tags({ pageSize: 2 }))).toHaveLength(count);
  });

  it('P17 tags: a registry that repeats its first page is an error', async () => {
    const { registry } = await seeded(2, 0);
    const seen = asSeen(registry, []);
    const repository = open((url, init) => seen(url.replace(/&last=[^&]*/, ''), init));
    await expect(listAll(repository.tags())).rejects.toMatchObject(hidden);
  });

  it.each([
    ['5 referrers of a tagged artifact', 3, 5],
    ['2 referrers of one without tags', 0, 2],
    ['no referrers', 3, 0],
  ])('P17 of %s end in an error, after what was seen', async (_, tags, referrers) => {
    const { registry, subject } = await seeded(tags, referrers);
    const found: Descriptor[] = [];
    const list = async (): Promise<void> => {
      for await (const one of open(asSeen(registry, ['Docker-Content-Digest'])).referrers(subject)) found.push(one);
    };
    await expect(list()).rejects.toMatchObject(hidden);
    expect(found).toHaveLength(Math.min(2, referrers));
  });

  it('P17 a hidden header differs from a missing one', async () => {
    const { registry, subject } = await seeded(2, 2);
    for (const [exposed, options] of [
      [['*'], {}],
      [['Access-Control-Expose-Headers', 'Location', 'Link'], {}],
      [['Link'], {}],
      [[], { exposesLink: true }],
    ] as const) {
      const listed = await listAll(open(asSeen(registry, exposed), options).referrers(subject));
      expect(listed).toHaveLength(2);
    }
  });

  it('P17 one visible header shows that others would be visible', async () => {
    const { registry, subject } = await seeded(0, 3);
    const repository = open(asSeen(registry, ['Link']));
    expect(await listAll(repository.referrers(subject))).toHaveLength(3);
    registry.forgetRequests();
    expect(await listAll(repository.tags())).toEqual([]);
    expect(registry.requests).toHaveLength(1);
  });

  it('P17 answers of the own origin, and of runtimes without origins, hide nothing', async () => {
    for (const type of ['basic', 'default']) {
      const { registry, subject } = await seeded(1, 2);
      expect(await listAll(open(asSeen(registry, [], type)).referrers(subject))).toHaveLength(2);
      expect(registry.requests).toHaveLength(1);
    }
  });
});

describe('P17 verbs where the Link header is hidden', () => {
  const policy = parseTrustPolicy({
    version: '1.0',
    trustPolicies: [
      {
        name: 'all',
        registryScopes: ['*'],
        signatureVerification: { level: 'strict', override: { revocation: 'skip' } },
        trustStores: ['ca:lab'],
        trustedIdentities: ['*'],
      },
    ],
  });
  const codeOf = (error: { readonly code?: string }): string => error.code ?? 'no code';

  it('P17 publish reads the list until it finds its entries; a caller of the whole list gets the error', async () => {
    const lab = await createTrustLab();
    const push = { artifactType: 'a/b', layers: [] };
    const repository = open(asSeen(lab.registry, ['Location']));
    await publish(repository, { push, sign: { signer: lab.signer }, tag: 'v1' });
    const trust = { policy, trustStore: memoryTrustStore(lab.trustStore) };
    const strangers = await createTrustLab();
    const others = { policy, trustStore: memoryTrustStore(strangers.trustStore) };
    expect(await verify(repository, 'v1', trust).then(({ verdict }) => verdict, codeOf)).toBe('trusted');
    expect(await verify(repository, 'v1', others).then(String, codeOf)).toBe(hidden.code);
    const target = memoryRepository('target.test/app');
    await expect(copy(repository, target, { reference: 'v1' })).rejects.toMatchObject({ cause: hidden });
    expect(await discover(repository, 'v1').then(String, codeOf)).toBe(hidden.code);
  });
});

it('P17 of other headers that are missed, the error says that they may be hidden', async () => {
  const auth = { scheme: 'basic', accounts: [{ username: 'wabbit', password: 'carrot' }] } as const;
  const exposed = expect.stringContaining('"Access-Control-Expose-Headers"');
  const blob = utf8('blob');
  const upload = open(asSeen(createEmbeddedRegistry(), [])).push(describeContent('a/b', blob), blob);
  await expect(upload).rejects.toMatchObject({ code: 'ERR_REGISTRY_REDIRECT', message: exposed });
  const read = open(asSeen(createEmbeddedRegistry({ auth }), [])).resolve('v1');
  await expect(read).rejects.toMatchObject({ code: 'ERR_REGISTRY_UNAUTHORIZED', message: exposed });
});
