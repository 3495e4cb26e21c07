import { mediaTypes } from '@notarykit/oci';
import { type Action, faults, headerOf, type Rule, withHeader } from '@notarykit/testing';
import { expect } from 'vitest';
import {
  account,
  basicAuth,
  blobOf,
  bytesOf,
  expectNoCredentials,
  impatient,
  readAll,
  type Served,
  seed,
  serve,
} from '../../integration/registry-client/support.ts';
import { indexOf, on, type Players } from './setup.ts';

const retryAfter = (fault: Parameters<typeof faults.status>[0], first?: number): Rule => ({
  ...(first === undefined ? {} : { first }),
  action: faults.status({ code: 'TOOMANYREQUESTS', ...fault }),
});

/** The waits of a client that asks for a blob under a rule. */
async function waits(rule: Rule, code?: string): Promise<readonly number[]> {
  const served = await serve();
  const { blob } = await seed(served);
  served.registry.rule({ ...rule, route: 'blob' });
  const slept: number[] = [];
  const repository = served
    .client({
      // Pauses are told, not slept.
      retry: { baseMs: 100, sleep: async () => undefined },
      onProgress: (event) => void (event.type === 'retry' && slept.push(event.waitMs)),
    })
    .repository('net-monitor');
  if (code === undefined) expect((await readAll(repository, blob)).length).toBe(blob.size);
  else await expect(readAll(repository, blob)).rejects.toMatchObject({ code });
  return slept;
}

/** A client reads a blob or a manifest under a rule, and gets it whole. */
async function reads(rule: Rule, client: Parameters<Served['client']>[0] = {}) {
  const served = await serve();
  const content = await seed(served);
  served.registry.rule({ method: 'GET', route: 'blob', ...rule });
  const repository = served.client(client).repository('net-monitor');
  expect((await readAll(repository, content.blob)).length).toBe(content.blob.size);
  return { served, ...content };
}

/** A client reads under a rule, and is told why it cannot. */
async function fails(rule: Rule, code: string, what: 'blob' | 'manifest' = 'blob') {
  const served = await serve();
  const content = await seed(served);
  served.registry.rule({ method: 'GET', route: what, ...rule });
  const repository = served.client().repository('net-monitor');
  await expect(readAll(repository, content[what])).rejects.toMatchObject({ code });
  return served;
}

/** A body that stops in the middle, and what a resumed request is answered. */
async function resumes(second: Action, code?: string): Promise<void> {
  const rule = { action: faults.inTurn(faults.cutBodyAfter(60_000), second, undefined) };
  if (code === undefined) await reads(rule);
  else await fails(rule, code);
}

const ranged = (edit: (range: string) => string): Action =>
  faults.change((answer) => withHeader(answer, 'Content-Range', edit(headerOf(answer, 'Content-Range') ?? '')));

const resolves = async (rule: Rule): Promise<void> => {
  const served = await serve();
  const { manifest } = await seed(served);
  served.registry.rule({ route: 'manifest', ...rule });
  expect(await served.client().repository('net-monitor').resolve('v1')).toMatchObject({
    digest: manifest.digest,
    size: manifest.size,
  });
};

export const transport: Players = {
  'redirect-cdn': async () => {
    const [origin, cdn] = [await serve({ auth: basicAuth }), await serve()];
    const { blob } = await seed(origin);
    await seed(cdn);
    cdn.registry.rule({ when: ({ headers }) => headers.has('authorization'), action: faults.status({ status: 400 }) });
    origin.registry.rule({
      method: 'GET',
      route: 'blob',
      when: ({ headers }) => headers.has('authorization'),
      action: faults.redirect((path) => cdn.url + path),
    });
    await readAll(origin.client({ credentials: account }).repository('net-monitor'), blob);
    expectNoCredentials(cdn.registry.requests);
  },
  'redirect-loop': async () => {
    const served = await fails({ action: faults.redirect((path) => path) }, 'ERR_REGISTRY_REDIRECT');
    expect(on(served.registry, 'blob').length).toBeLessThanOrEqual(11);
  },
  'redirect-expired': async () => {
    const [origin, cdn] = [await serve(), await serve()];
    const { blob } = await seed(origin);
    await seed(cdn);
    let links = 0;
    origin.registry.rule({
      method: 'GET',
      route: 'blob',
      action: faults.redirect((path) => `${cdn.url}${path}?link=${++links}`),
    });
    cdn.registry.rule({
      when: ({ url }) => url.search === '?link=1',
      action: faults.inTurn(faults.cutBodyAfter(50_000), faults.status({ status: 403 })),
    });
    const repository = origin.client().repository('net-monitor');
    expect((await readAll(repository, blob)).length).toBe(blob.size);
    expect(links).toBeGreaterThan(1);
  },
  'put-307': async () => {
    const served = await serve();
    const bytes = bytesOf(100_000);
    served.registry.rule({
      method: 'PUT',
      route: 'upload',
      first: 1,
      action: faults.redirect((path) => `${path}&again=1`),
    });
    const repository = served.client().repository('net-monitor');
    await repository.push(blobOf(bytes), () => new Blob([bytes]).stream());
    expect(await repository.exists(blobOf(bytes))).toBe(true);
  },
  'rate-429-seconds': async () => {
    const slept = await waits(retryAfter({ status: 429, retryAfter: 1 }, 2));
    expect(slept).toHaveLength(2);
    for (const ms of slept) expect(ms).toBeGreaterThanOrEqual(1000);
  },
  'rate-429-date': async () => {
    const date = new Date(Date.now() + 50_000).toUTCString();
    const [ms = 0] = await waits(retryAfter({ status: 429, retryAfter: date }, 1));
    // Less what passes on a busy machine until the date is read; our own pause would be 100 ms at most.
    expect(ms).toBeGreaterThan(5000);
    expect(ms).toBeLessThanOrEqual(50_000);
  },
  'rate-429-long': async () => {
    expect(await waits(retryAfter({ status: 429, retryAfter: 3600 }), 'ERR_REGISTRY_RATE_LIMITED')).toEqual([]);
  },
  'rate-429-none': async () => {
    const slept = await waits(retryAfter({ status: 429 }, 3));
    expect(slept).toHaveLength(3);
    for (const [i, ms] of slept.entries()) expect(ms).toBeLessThanOrEqual(100 * 2 ** i);
  },
  'rate-503': async () => {
    const [ms = 0] = await waits(retryAfter({ status: 503, retryAfter: 1 }, 1));
    expect(ms).toBeGreaterThanOrEqual(1000);
  },
  'flaky-5xx': async () => {
    const served = await serve();
    const { blob, manifest } = await seed(served);
    const repository = served.client().repository('net-monitor');
    const faulty = (rule: Partial<Rule>): void => {
      const turns = [500, 502, 504].map((status) => faults.status({ status }));
      served.registry.clearRules();
      served.registry.rule({ ...rule, action: faults.inTurn(...turns, undefined) });
    };
    faulty({ method: 'GET', route: 'blob' });
    await readAll(repository, blob);
    faulty({ method: 'HEAD', route: 'manifest' });
    expect(await repository.exists(manifest)).toBe(true);
    faulty({ method: 'PUT', route: 'manifest' });
    const { descriptor, bytes } = indexOf([]);
    await repository.push(descriptor, bytes);
    expect(await repository.exists(descriptor)).toBe(true);
  },
  'flaky-reset': async () => {
    const served = await serve();
    const bytes = bytesOf(50_000);
    served.registry.rule({ method: 'PUT', route: 'upload', first: 1, action: faults.cut() });
    const repository = served.client().repository('net-monitor');
    await repository.push(blobOf(bytes), () => new Blob([bytes]).stream());
    expect(await repository.exists(blobOf(bytes))).toBe(true);
  },
  'slow-header': async () => {
    const { served } = await reads({ first: 1, action: faults.stall() }, impatient);
    expect(on(served.registry, 'blob', 'GET').length).toBeGreaterThan(1);
  },
  'slow-body': async () => {
    const served = await serve();
    const { blob } = await seed(served, 60);
    served.registry.rule({ method: 'GET', route: 'blob', action: faults.slowBody(1, 100) });
    // 60 bytes take three times the idle limit; no two of them are a tenth of it apart.
    await readAll(served.client({ timeouts: { idleMs: 2000 } }).repository('net-monitor'), blob);
    expect(on(served.registry, 'blob', 'GET')).toHaveLength(1);
  },
  'stalled-body': async () => {
    // Whatever asks for the whole stalls: only who resumes comes to an end.
    const whole: Rule['when'] = ({ headers }) => !headers.has('range');
    const { served } = await reads({ when: whole, action: faults.stallBodyAfter(40_000) }, impatient);
    expect(on(served.registry, 'blob', 'GET').at(-1)?.headers['range']).toMatch(/^bytes=\d+-/);
  },
  'short-body': async () => {
    const { served } = await reads({ first: 1, action: faults.cutBodyAfter(60_000) });
    expect(on(served.registry, 'blob', 'GET')[1]?.headers['range']).toBeDefined();
    const poor = await serve({ ranges: false });
    const { blob } = await seed(poor);
    poor.registry.rule({ method: 'GET', route: 'blob', first: 1, action: faults.cutBodyAfter(60_000) });
    expect((await readAll(poor.client().repository('net-monitor'), blob)).length).toBe(blob.size);
  },
  'long-body': async () => {
    await fails({ action: faults.extraBytes(10) }, 'ERR_OCI_SIZE_MISMATCH');
    await fails({ action: faults.endlessBody() }, 'ERR_OCI_SIZE_MISMATCH');
  },
  'corrupt-body': async () => {
    const served = await fails({ action: faults.flipBit(50_000) }, 'ERR_OCI_DIGEST_MISMATCH');
    expect(on(served.registry, 'blob', 'GET').length).toBeLessThanOrEqual(2);
  },
  'corrupt-manifest': async () => {
    await fails({ action: faults.flipBit(30) }, 'ERR_OCI_DIGEST_MISMATCH', 'manifest');
  },
  'wrong-digest-header': async () => {
    const lie = `sha256:${'0'.repeat(64)}`;
    await fails({ action: faults.header('Docker-Content-Digest', lie) }, 'ERR_OCI_DIGEST_MISMATCH', 'manifest');
  },
  'no-digest-header': () => resolves({ action: faults.header('Docker-Content-Digest', undefined) }),
  'encoded-body': async () => {
    await fails({ action: faults.header('Content-Encoding', 'gzip') }, 'ERR_REGISTRY_PROTOCOL');
  },
  'head-405': async () => {
    await resolves({ method: 'HEAD', action: faults.status({ status: 405, code: 'UNSUPPORTED' }) });
    await resolves({ method: 'HEAD', action: faults.header('Content-Length', undefined) });
  },
  'head-length-differs': async () => {
    const served = await serve();
    const { manifest } = await seed(served);
    served.registry.rule({ method: 'HEAD', route: 'manifest', action: faults.header('Content-Length', '7') });
    const repository = served.client().repository('net-monitor');
    expect((await readAll(repository, manifest)).length).toBe(manifest.size);
    const resolved = await repository.resolve('v1');
    expect(resolved.digest).toBe(manifest.digest);
  },
  'content-type-params': async () => {
    const { descriptor, bytes } = indexOf([]);
    const served = await serve();
    const manifests = [{ bytes, mediaType: mediaTypes.imageIndex, tags: ['list'] }];
    await served.registry.seed('net-monitor', { manifests });
    const type = `${mediaTypes.imageIndex}; charset=utf-8`;
    served.registry.rule({ route: 'manifest', action: faults.header('Content-Type', type) });
    const repository = served.client().repository('net-monitor');
    expect(await repository.resolve('list')).toMatchObject({ mediaType: mediaTypes.imageIndex });
    expect((await readAll(repository, descriptor)).length).toBe(descriptor.size);
  },
  'content-type-wrong': async () => {
    const served = await serve();
    const { manifest } = await seed(served);
    served.registry.rule({ route: 'manifest', action: faults.header('Content-Type', mediaTypes.imageIndex) });
    const repository = served.client().repository('net-monitor');
    await expect(readAll(repository, manifest)).rejects.toMatchObject({
      code: expect.stringMatching(/^ERR_(OCI|REGISTRY)_/),
    });
  },
  'range-ignored': () =>
    resumes(async ({ request, next }) => {
      request.headers.delete('range');
      return next();
    }),
  'range-wrong-start': () => resumes(ranged(() => 'bytes 0-9/100000')),
  'range-416': async () => {
    // All bytes arrive, then the connection breaks before its end: there is nothing left to ask for.
    const { served, blob } = await reads({
      action: async ({ request, next }) => {
        const answer = await next();
        return request.headers.has('range')
          ? {
              status: 416,
              headers: [
                ['Content-Range', 'bytes */100000'],
                ['Content-Length', '0'],
              ],
            }
          : faults.cutBodyAfter(100_000)({ request, route: { name: 'blob' }, hit: 1, next: async () => answer });
      },
    });
    expect(blob.size).toBe(100_000);
    expect(on(served.registry, 'blob', 'GET').length).toBeLessThanOrEqual(2);
  },
};
