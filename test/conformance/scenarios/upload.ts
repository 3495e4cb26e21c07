import type { Descriptor } from '@notarykit/oci';
import {
  createRegistry,
  type ProgressEvent,
  type RegistryOptions,
  type RegistryPushOptions,
} from '@notarykit/registry-client';
import { type EmbeddedRegistryOptions, faults, type Rule, withHeader } from '@notarykit/testing';
import { expect } from 'vitest';
import {
  account,
  blobOf,
  bytesOf,
  expectNoCredentials,
  seed,
  serve,
  tokenAuth,
} from '../../integration/registry-client/support.ts';
import { on, type Players } from './setup.ts';

const bytes = bytesOf(300_000, 3);
const blob: Descriptor = blobOf(bytes);
const source = () => new Blob([bytes]).stream();

interface Setting {
  readonly registry?: EmbeddedRegistryOptions;
  readonly rules?: readonly Rule[];
  readonly client?: Partial<RegistryOptions>;
  readonly push?: RegistryPushOptions;
}

/** Pushes 300,000 bytes, in chunks of 100,000 where chunks are asked for, and finds them there. */
async function pushes({ registry = {}, rules = [], client = {}, push = {} }: Setting) {
  const served = await serve(registry);
  for (const rule of rules) served.registry.rule(rule);
  const repository = served.client({ chunkSize: 100_000, ...client }).repository('net-monitor');
  await repository.push(blob, source, push);
  expect(await repository.exists(blob)).toBe(true);
  return served;
}

async function refused(rule: Rule, code: string): Promise<void> {
  const served = await serve();
  served.registry.rule(rule);
  const pushed = served.client().repository('net-monitor').push(blob, source);
  await expect(pushed).rejects.toMatchObject({ code });
  expect(on(served.registry, 'upload', 'PUT')).toHaveLength(1);
}

/** Mounts under rules, and pushes where that did not do. */
async function mounts(options: EmbeddedRegistryOptions, rules: readonly Rule[] = []) {
  const served = await serve(options);
  const registry = served.client();
  const [from, to] = [registry.repository('source'), registry.repository('target')];
  await from.push(blob, source);
  served.registry.forgetRequests();
  for (const rule of rules) served.registry.rule(rule);
  const mounted = await to.mount(blob, from);
  if (!mounted) await to.push(blob, source);
  expect(await to.exists(blob)).toBe(true);
  return { mounted, requests: served.registry.requests, begun: on(served.registry, 'uploads', 'POST') };
}

const chunked = { chunked: true };

export const upload: Players = {
  'flaky-patch': async () => {
    const served = await pushes({
      push: chunked,
      rules: [{ method: 'PATCH', route: 'upload', nth: 2, action: faults.loseAnswer() }],
    });
    expect(on(served.registry, 'upload', 'GET').length).toBeGreaterThan(0);
    expect(on(served.registry, 'uploads', 'POST')).toHaveLength(1);
  },
  'flaky-patch-lost-session': async () => {
    const served = await pushes({
      push: chunked,
      rules: [
        { method: 'PATCH', route: 'upload', nth: 2, action: faults.loseAnswer() },
        { method: 'GET', route: 'upload', action: faults.status({ status: 404, code: 'BLOB_UPLOAD_UNKNOWN' }) },
      ],
    });
    expect(on(served.registry, 'uploads', 'POST')).toHaveLength(2);
  },
  'upload-min-chunk': async () => {
    const served = await pushes({ registry: { minChunkLength: 65_536 }, push: chunked, client: { chunkSize: 1000 } });
    const lengths = on(served.registry, 'upload', 'PATCH').map((one) => one.bodyLength);
    expect(lengths.length).toBeGreaterThan(1);
    for (const length of lengths.slice(0, -1)) expect(length).toBeGreaterThanOrEqual(65_536);
  },
  'upload-no-chunk': async () => {
    for (const status of [405, 404, 416]) {
      const rules = [
        { method: 'PATCH', route: 'upload', action: faults.status({ status, code: 'UNSUPPORTED' }) } as const,
      ];
      const served = await pushes({ push: chunked, rules });
      expect(on(served.registry, 'upload', 'PUT').at(-1)?.bodyLength).toBe(bytes.length);
    }
  },
  'upload-patch-201': async () => {
    await pushes({ registry: { patchStatus: 201 }, push: chunked });
  },
  'upload-no-monolithic': async () => {
    const served = await pushes({ registry: { postUpload: false } });
    expect(on(served.registry, 'upload', 'PUT').at(-1)?.status).toBe(201);
  },
  'upload-location-moves': async () => {
    let moves = 0;
    const latest: string[] = [];
    const served = await pushes({
      push: chunked,
      rules: [
        {
          route: ['uploads', 'upload'],
          action: async ({ request, next }) => {
            if (latest.length > 0) expect(request.url.searchParams.get('token')).toBe(latest.at(-1));
            const answer = await next();
            const location = answer.headers.find(([name]) => name === 'Location')?.[1];
            if (location === undefined || !location.includes('uploads')) return answer;
            latest.push(`a%20b~${++moves}`.replace('%20', ' '));
            return withHeader(answer, 'Location', `${location}&token=a%20b~${moves}`);
          },
        },
      ],
    });
    expect(on(served.registry, 'upload', 'PUT').at(-1)?.query).toContain('token=a%20b~');
  },
  'upload-location-foreign': async () => {
    const [registry, storage] = [await serve({ auth: tokenAuth }), await serve()];
    registry.registry.rule({
      method: 'POST',
      route: 'uploads',
      action: async ({ next }) => {
        const answer = await next();
        if (answer.status !== 202) return answer;
        // The storage has its own session.
        const { headers } = await storage.registry.fetch(`${storage.url}/v2/net-monitor/blobs/uploads/`, {
          method: 'POST',
        });
        return withHeader(answer, 'Location', storage.url + headers.get('location'));
      },
    });
    const client = registry.client({ credentials: account });
    await client.repository('net-monitor').push(blob, source);
    expect(on(storage.registry, 'upload', 'PUT').at(-1)?.status).toBe(201);
    expectNoCredentials(storage.registry.requests);
    // A registry with a public name that sends the upload to an address of the machine's own network.
    const asked: string[] = [];
    const evil = createRegistry({
      registry: 'registry.example',
      fetch: async (url, init) => {
        asked.push(url);
        const headers = { location: 'https://169.254.169.254/upload' };
        const status = init?.method === 'POST' ? 202 : 404;
        return Object.defineProperty(new Response(null, { status, headers }), 'url', { value: url });
      },
    }).repository('net-monitor');
    await expect(evil.push(blob, source)).rejects.toMatchObject({ code: 'ERR_REGISTRY_REDIRECT' });
    expect(asked.every((url) => url.startsWith('https://registry.example/'))).toBe(true);
  },
  'upload-413': async () => {
    const rule = { method: 'PUT', route: 'upload' } as const;
    await refused({ ...rule, action: faults.status({ status: 413, code: 'SIZE_INVALID' }) }, 'ERR_REGISTRY_TOO_LARGE');
  },
  'upload-digest-invalid': async () => {
    const rule = { method: 'PUT', route: 'upload' } as const;
    await refused(
      { ...rule, action: faults.status({ status: 400, code: 'DIGEST_INVALID' }) },
      'ERR_OCI_DIGEST_MISMATCH',
    );
  },
  'upload-exists': async () => {
    const served = await serve();
    const there = await seed(served);
    const events: ProgressEvent[] = [];
    const repository = served.client({ onProgress: (event) => events.push(event) }).repository('net-monitor');
    await repository.push(there.blob, there.bytes);
    expect(on(served.registry, 'uploads')).toEqual([]);
    expect(events).toMatchObject([{ type: 'skipped', digest: there.blob.digest }]);
  },
  'mount-ok': async () => {
    const { mounted, requests } = await mounts({});
    expect(mounted).toBe(true);
    expect(requests.filter((one) => one.route === 'upload')).toEqual([]);
  },
  'mount-202': async () => {
    const { begun } = await mounts({ mount: 'off' });
    expect(begun).toHaveLength(1);
  },
  'mount-denied': async () => {
    for (const status of [401, 403, 404, 405]) {
      const action = faults.status({ status, code: 'DENIED' });
      const when = ({ url }: { url: URL }): boolean => url.searchParams.has('mount');
      const { mounted } = await mounts({}, [{ route: 'uploads', when, action }]);
      expect(mounted).toBe(false);
    }
  },
  'mount-session-broken': async () => {
    const gone = '/v2/target/blobs/uploads/gone?_state=0';
    const { begun } = await mounts({ mount: 'off' }, [
      { method: 'POST', route: 'uploads', first: 1, action: faults.header('Location', gone) },
    ]);
    expect(begun).toHaveLength(2);
  },
};
