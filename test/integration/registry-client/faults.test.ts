import { createServer, type Server } from 'node:net';
import { utf8 } from '@notarykit/common';
import { streamOf } from '@notarykit/common/internal';
import { createRegistry, type ProgressEvent, type RegistryError } from '@notarykit/registry-client';
import { type Action, faults, type Rule } from '@notarykit/testing';
import { describe, expect, it } from 'vitest';
import {
  account,
  basicAuth,
  blobOf,
  bytesOf,
  impatient,
  listAll,
  quick,
  readAll,
  seed,
  serve,
  tokenAuth,
} from './support.js';

const fails = (code: string | RegExp): object => ({
  code: typeof code === 'string' ? code : expect.stringMatching(code),
});

describe('H8 bodies', () => {
  const cases: readonly [string, Action, string | undefined, boolean?][] = [
    ['cut short once: resumed', faults.inTurn(faults.cutBodyAfter(60_000), undefined), undefined],
    ['cut short without ranges: read again', faults.inTurn(faults.cutBodyAfter(60_000), undefined), undefined, false],
    ['cut short again and again', faults.cutBodyAfter(10), 'ERR_REGISTRY_UNAVAILABLE'],
    ['longer than its descriptor', faults.extraBytes(5), 'ERR_OCI_SIZE_MISMATCH'],
    ['of the right length with a wrong bit', faults.flipBit(50_000), 'ERR_OCI_DIGEST_MISMATCH'],
    ['endless', faults.endlessBody(), 'ERR_OCI_SIZE_MISMATCH'],
    ['chunked and cut once', faults.inTurn(faults.chunkedAndCut(50_000), undefined), undefined],
    ['encoded', faults.header('Content-Encoding', 'gzip'), 'ERR_REGISTRY_PROTOCOL'],
    [
      'with a wrong Content-Range on resume: the whole is read again',
      faults.inTurn(faults.cutBodyAfter(50_000), faults.header('Content-Range', 'bytes 1-99999/100000'), undefined),
      undefined,
    ],
    [
      'with a wrong Content-Range again and again',
      faults.inTurn(faults.cutBodyAfter(50_000), faults.header('Content-Range', 'bytes 1-99999/100000')),
      undefined,
    ],
  ];
  it.each(cases)('H8 a blob %s', async (_, action, code, ranges = true) => {
    const served = await serve({ ranges });
    const { blob, bytes } = await seed(served);
    served.registry.rule({ method: 'GET', route: 'blob', action });
    const reading = readAll(served.client().repository('net-monitor'), blob);
    if (code === undefined) expect(Buffer.compare(await reading, bytes)).toBe(0);
    else await expect(reading).rejects.toMatchObject(fails(code));
    expect(served.registry.requests.length).toBeLessThanOrEqual(8);
  });

  // Whatever asks for the whole stalls: only who resumes comes to an end.
  const isWhole: Rule['when'] = ({ headers }) => !headers.has('range');

  it('H8 a blob stalled once: resumed', async () => {
    const served = await serve();
    const { blob, bytes } = await seed(served);
    served.registry.rule({ method: 'GET', route: 'blob', when: isWhole, action: faults.stallBodyAfter(30_000) });
    const read = await readAll(served.client(impatient).repository('net-monitor'), blob);
    expect(Buffer.compare(read, bytes)).toBe(0);
    expect(served.registry.requests.length).toBeGreaterThan(1);
  });

  it.each<[string, Action, string | undefined]>([
    ['cut short once', faults.inTurn(faults.cutBodyAfter(20), undefined), undefined],
    ['with a wrong bit', faults.flipBit(30), 'ERR_OCI_DIGEST_MISMATCH'],
    ['longer', faults.extraBytes(5), 'ERR_OCI_DIGEST_MISMATCH'],
    ['endless', faults.endlessBody(), 'ERR_REGISTRY_TOO_LARGE'],
    ['P14 encoded', faults.header('Content-Encoding', 'gzip'), 'ERR_REGISTRY_PROTOCOL'],
    ['without Content-Type', faults.header('Content-Type', undefined), 'ERR_REGISTRY_PROTOCOL'],
    [
      'P5 of another Content-Type',
      faults.header('Content-Type', 'application/vnd.oci.image.index.v1+json'),
      'ERR_OCI_INVALID',
    ],
    [
      'with parameters in its Content-Type',
      faults.header('Content-Type', 'application/vnd.oci.image.manifest.v1+json; charset=utf-8'),
      undefined,
    ],
    [
      'H13 whose digest header lies',
      faults.header('Docker-Content-Digest', `sha256:${'0'.repeat(64)}`),
      'ERR_OCI_DIGEST_MISMATCH',
    ],
    ['H13 without digest header', faults.header('Docker-Content-Digest', undefined), undefined],
  ])('H8 a manifest %s', async (_, action, code) => {
    const served = await serve();
    const { manifest, manifestBytes } = await seed(served);
    served.registry.rule({ method: 'GET', route: 'manifest', action });
    const reading = readAll(served.client().repository('net-monitor'), manifest);
    if (code === undefined) expect(Buffer.compare(await reading, manifestBytes)).toBe(0);
    else await expect(reading).rejects.toMatchObject(fails(code));
  });

  it('P4 the bytes of GET decide, HEAD is only compared', async () => {
    const served = await serve();
    const { manifest } = await seed(served);
    served.registry.rule({ method: 'HEAD', action: faults.header('Content-Length', '7') });
    expect(await served.client().repository('net-monitor').resolve('v1')).toEqual(manifest);
    // Asked anew by another client, which has nothing left of the first answer.
    for (const size of [manifest.size + 1, manifest.size - 1, 7])
      await expect(readAll(served.client().repository('net-monitor'), { ...manifest, size })).rejects.toMatchObject(
        fails('ERR_OCI_SIZE_MISMATCH'),
      );
  });
});

describe('H9 silence', () => {
  it('H9 no headers, then fine: tried again', async () => {
    const served = await serve();
    const { manifest } = await seed(served);
    served.registry.rule({ first: 1, action: faults.stall() });
    expect(await served.client(impatient).repository('net-monitor').resolve('v1')).toEqual(manifest);
  });

  it('H9 no headers ever', async () => {
    const served = await serve();
    await seed(served);
    served.registry.rule({ action: faults.stall() });
    const tries: ProgressEvent[] = [];
    const client = served.client({
      retry: { maxRetries: 1, baseMs: 1 },
      timeouts: { headersMs: 100 },
      onProgress: (event) => tries.push(event),
    });
    await expect(client.repository('net-monitor').resolve('v1')).rejects.toMatchObject(fails('ERR_REGISTRY_TIMEOUT'));
    // As the client counts: what it gave up so early may never have reached the server.
    expect(tries.filter(({ type }) => type === 'retry').length).toBe(1);
  });

  it('H9 a slow body is not a silence', async () => {
    const served = await serve();
    const { blob, bytes } = await seed(served, 3000);
    served.registry.rule({ method: 'GET', route: 'blob', action: faults.slowBody(50, 100) });
    // The whole takes three times the limit; no piece takes a tenth of it.
    const client = served.client({ timeouts: { idleMs: 2000 } });
    expect((await readAll(client.repository('net-monitor'), blob)).length).toBe(bytes.length);
    expect(served.registry.requests.length).toBe(1);
  });

  it('H9 a body that stalls for ever', async () => {
    const served = await serve();
    const { blob } = await seed(served);
    served.registry.rule({ method: 'GET', route: 'blob', action: faults.stallBodyAfter(10) });
    const client = served.client({ timeouts: { idleMs: 40 } });
    await expect(readAll(client.repository('net-monitor'), blob)).rejects.toMatchObject(fails('ERR_REGISTRY_TIMEOUT'));
  });

  it('H9 an abort ends everything with its reason', async () => {
    const served = await serve();
    const { blob } = await seed(served);
    served.registry.rule({ method: 'GET', route: 'blob', action: faults.stallBodyAfter(10) });
    const controller = new AbortController();
    const reason = new Error('enough');
    const stream = await served.client().repository('net-monitor').fetch(blob, { signal: controller.signal });
    const reading = new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer();
    controller.abort(reason);
    await expect(reading).rejects.toBe(reason);
    await expect(
      served
        .client()
        .repository('net-monitor')
        .resolve('v1', { signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason);
  });
});

describe('H10 refusals', () => {
  it.each<[string, Action, number]>([
    ['429 with a wait in seconds', faults.status({ status: 429, retryAfter: 0 }), 2],
    ['503 with a date', faults.status({ status: 503, retryAfter: new Date(0).toUTCString() }), 1],
    [
      '500, 502, 504',
      faults.inTurn(faults.status({ status: 500 }), faults.status({ status: 502 }), faults.status({ status: 504 })),
      3,
    ],
    ['a cut connection', faults.cut(), 2],
  ])('H10 %s, then fine', async (_, action, first) => {
    const served = await serve();
    const { manifest } = await seed(served);
    const events: ProgressEvent[] = [];
    served.registry.rule({ first, action });
    const client = served.client({ onProgress: (event) => events.push(event) });
    expect(await client.repository('net-monitor').resolve('v1')).toEqual(manifest);
    expect(events.filter(({ type }) => type === 'retry').length).toBe(first);
  });

  it.each([
    ['a year', 31_536_000],
    ['a date far away', new Date(Date.now() + 86_400_000).toUTCString()],
  ])('H10 a wait of %s is told, not waited for', async (_, retryAfter) => {
    const served = await serve();
    await seed(served);
    served.registry.rule({ action: faults.status({ status: 429, code: 'TOOMANYREQUESTS', retryAfter }) });
    const error = await served
      .client()
      .repository('net-monitor')
      .resolve('v1')
      .catch((cause: unknown) => cause as RegistryError);
    expect(error).toMatchObject({
      code: 'ERR_REGISTRY_RATE_LIMITED',
      detail: { status: 429, errors: [{ code: 'TOOMANYREQUESTS' }] },
    });
    expect((error as RegistryError).detail?.retryAfterMs).toBeGreaterThan(3_500_000);
    expect(served.registry.requests.length).toBe(1);
  });

  it('H10 gives up after six requests; final errors are not retried', async () => {
    const served = await serve();
    await seed(served);
    const stop = served.registry.rule({ action: faults.status({ status: 503 }) });
    await expect(served.client().repository('net-monitor').resolve('v1')).rejects.toMatchObject(
      fails('ERR_REGISTRY_UNAVAILABLE'),
    );
    expect(served.registry.requests.length).toBe(6);
    stop();
    served.registry.forgetRequests();
    served.registry.rule({ action: faults.status({ status: 403, code: 'DENIED' }) });
    await expect(served.client().repository('net-monitor').resolve('v1')).rejects.toMatchObject({
      code: 'ERR_REGISTRY_DENIED',
      detail: { errors: [{ code: 'DENIED' }] },
    });
    expect(served.registry.requests.length).toBe(1);
  });

  it('H10 a body that cannot be sent twice is sent once', async () => {
    const served = await serve();
    served.registry.rule({ method: 'PATCH', action: faults.status({ status: 503 }) });
    const repository = served.client().repository('net-monitor');
    await expect(repository.pushStream(streamOf(bytesOf(1000)))).rejects.toMatchObject(
      fails('ERR_REGISTRY_UNAVAILABLE'),
    );
    expect(served.registry.requests.filter(({ method }) => method === 'PATCH').length).toBe(1);
  });

  it('H10 refused connections and unknown hosts end in their code', async () => {
    const gone = createRegistry({ registry: '127.0.0.1:1', ...quick, retry: { maxRetries: 1, baseMs: 1 } });
    await expect(gone.ping()).rejects.toMatchObject(fails('ERR_REGISTRY_UNAVAILABLE'));
    const lookup = (_: string, __: object, done: (error: Error, address: string) => void): void =>
      done(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), '');
    const unknown = createRegistry({ registry: 'nowhere.test', connection: { lookup } });
    await expect(unknown.ping()).rejects.toMatchObject({
      code: 'ERR_REGISTRY_UNAVAILABLE',
      detail: { retryable: false },
    });
  });
});

describe('uploads under faults', () => {
  const push = async (rules: (served: Awaited<ReturnType<typeof serve>>) => void, chunked: boolean, code?: string) => {
    const served = await serve();
    rules(served);
    const bytes = bytesOf(300_000, 5);
    const repository = served.client({ chunkSize: 65_536 }).repository('net-monitor');
    const pushing = repository.push(blobOf(bytes), () => streamOf(bytes), { chunked });
    if (code !== undefined) return await expect(pushing).rejects.toMatchObject(fails(code));
    await pushing;
    served.registry.clearRules();
    expect(Buffer.compare(await readAll(repository, blobOf(bytes)), bytes)).toBe(0);
  };

  it.each<[string, string, Action, boolean]>([
    ['the PUT is cut', 'PUT', faults.inTurn(faults.cut(), undefined), false],
    ['the answer to the PUT is lost', 'PUT', faults.inTurn(faults.loseAnswer(), undefined), false],
    [
      'the PUT finds no session',
      'PUT',
      faults.inTurn(faults.status({ status: 404, code: 'BLOB_UPLOAD_UNKNOWN' }), undefined),
      false,
    ],
    ['a chunk is cut', 'PATCH', faults.inTurn(undefined, faults.cut(), undefined), true],
    ['the answer to a chunk is lost', 'PATCH', faults.inTurn(undefined, faults.loseAnswer(), undefined), true],
    ['a chunk gets 503', 'PATCH', faults.inTurn(faults.status({ status: 503 }), undefined), true],
    [
      'a chunk finds no session',
      'PATCH',
      faults.inTurn(undefined, faults.status({ status: 404, code: 'BLOB_UPLOAD_UNKNOWN' }), undefined),
      true,
    ],
    ['there is no PATCH', 'PATCH', faults.status({ status: 405, code: 'UNSUPPORTED' }), true],
    [
      'the PUT gets 503 with a wait',
      'PUT',
      faults.inTurn(faults.status({ status: 503, retryAfter: 0 }), undefined),
      false,
    ],
  ])('%s: goes on', async (_, method, action, chunked) => {
    await push(({ registry }) => registry.rule({ method, route: 'upload', action }), chunked);
  });

  it.each<[string, Action, string]>([
    ['413', faults.status({ status: 413, code: 'SIZE_INVALID' }), 'ERR_REGISTRY_TOO_LARGE'],
    ['DIGEST_INVALID', faults.status({ status: 400, code: 'DIGEST_INVALID' }), 'ERR_OCI_DIGEST_MISMATCH'],
    [
      'H13 another digest in the answer',
      faults.header('Docker-Content-Digest', `sha256:${'0'.repeat(64)}`),
      'ERR_OCI_DIGEST_MISMATCH',
    ],
    ['403', faults.status({ status: 403, code: 'DENIED' }), 'ERR_REGISTRY_DENIED'],
  ])('%s ends the push', async (_, action, code) => {
    await push(({ registry }) => registry.rule({ method: 'PUT', route: 'upload', action }), false, code);
  });

  it.each([true, false])('content that differs from its descriptor is never stored (chunked: %s)', async (chunked) => {
    const served = await serve();
    const repository = served.client({ chunkSize: 65_536 }).repository('net-monitor');
    const [bytes, other] = [bytesOf(200_000, 1), bytesOf(200_000, 2)];
    await expect(repository.push(blobOf(bytes), () => streamOf(other), { chunked })).rejects.toMatchObject(
      fails('ERR_OCI_DIGEST_MISMATCH'),
    );
    await expect(repository.push(blobOf(bytes), () => streamOf(other.subarray(1)), { chunked })).rejects.toMatchObject(
      fails('ERR_OCI_SIZE_MISMATCH'),
    );
    await expect(repository.push(blobOf(bytes), other)).rejects.toMatchObject(fails('ERR_OCI_DIGEST_MISMATCH'));
    expect(served.registry.requests.filter(({ method, status }) => method === 'PUT' && status === 201)).toEqual([]);
  });

  it('goes on in another process where a chunked push ended', async () => {
    const served = await serve();
    const bytes = bytesOf(300_000, 6);
    const controller = new AbortController();
    let session: { location: string; offset: number } | undefined;
    const first = served.client({ chunkSize: 65_536 }).repository('net-monitor');
    const begun = first.push(blobOf(bytes), () => streamOf(bytes), {
      chunked: true,
      signal: controller.signal,
      onSession: (now) => {
        session = now;
        if (now.offset >= 131_072) controller.abort(new Error('stopped'));
      },
    });
    await expect(begun).rejects.toThrow('stopped');
    served.registry.forgetRequests();
    const second = served.client({ chunkSize: 65_536 }).repository('net-monitor');
    if (session === undefined) throw new Error('no session was told');
    await second.push(blobOf(bytes), () => streamOf(bytes), { session });
    const sent = served.registry.requests.reduce((sum, { bodyLength }) => sum + bodyLength, 0);
    expect(sent).toBe(300_000 - 131_072);
    expect(await second.exists(blobOf(bytes))).toBe(true);
  });

  it.each<[string, Action]>([
    ['202', faults.change((answer) => answer)],
    ['405', faults.status({ status: 405 })],
    ['401', faults.status({ status: 401 })],
    ['500', faults.status({ status: 500 })],
    ['a cut', faults.cut()],
  ])('a mount answered by %s falls back to an upload', async (_, action) => {
    const served = await serve({ mount: 'off' });
    const { blob, bytes } = await seed(served);
    const stop = served.registry.rule({ method: 'POST', when: ({ url }) => url.searchParams.has('mount'), action });
    const client = served.client();
    const [from, to] = [client.repository('net-monitor'), client.repository('copy')];
    expect(await to.mount(blob, from)).toBe(false);
    await to.push(blob, bytes);
    expect(await to.exists(blob)).toBe(true);
    expect(served.registry.requests.filter(({ method }) => method === 'POST').length).toBeLessThanOrEqual(2);
    stop();
  });
});

describe('tags and names', () => {
  it('H11 a tag that moves changes nothing after it was resolved', async () => {
    const served = await serve();
    const { manifest, manifestBytes } = await seed(served);
    const repository = served.client().repository('net-monitor');
    const resolved = await repository.resolve('v1');
    const other = utf8(
      JSON.stringify({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [] }),
    );
    await served.registry.seed('net-monitor', {
      manifests: [{ bytes: other, mediaType: 'application/vnd.oci.image.index.v1+json', tags: ['v1'] }],
    });
    expect(resolved).toEqual(manifest);
    expect(Buffer.compare(await readAll(repository, resolved), manifestBytes)).toBe(0);
    await repository.tag(resolved, 'promoted');
    expect(await repository.resolve('promoted')).toEqual(manifest);
  });

  it.each(['sha256:../../../etc/passwd', `sha256:${'A'.repeat(64)}`, 'sha256:abc', 'sha256:%2e%2e'])(
    'H12 the digest %s reaches no URL',
    async (digest) => {
      const served = await serve();
      const repository = served.client().repository('net-monitor');
      const descriptor = { mediaType: 'application/octet-stream', digest: digest as `sha256:${string}`, size: 3 };
      const invalid = fails('ERR_OCI_INVALID');
      await expect(repository.fetch(descriptor)).rejects.toMatchObject(invalid);
      await expect(repository.exists(descriptor)).rejects.toMatchObject(invalid);
      await expect(repository.delete(descriptor)).rejects.toMatchObject(invalid);
      await expect(repository.resolve(digest)).rejects.toMatchObject(invalid);
      await expect(listAll(repository.referrers(descriptor))).rejects.toMatchObject(invalid);
      expect(served.registry.requests).toEqual([]);
    },
  );

  it('H14 names, tags and headers with line breaks are refused; a header of 1 MiB ends in its code', async () => {
    const served = await serve();
    const { blob } = await seed(served);
    const client = served.client({ retry: { maxRetries: 0 } });
    expect(() => client.repository('a\r\nX: y')).toThrow(expect.objectContaining(fails('ERR_OCI_INVALID')));
    await expect(client.repository('net-monitor').resolve('v1\r\nX: y')).rejects.toMatchObject(
      fails('ERR_OCI_INVALID'),
    );
    expect(() => served.client({ headers: { 'x-a': 'b\r\nX: y' } })).toThrow(
      expect.objectContaining(fails('ERR_REGISTRY_PROTOCOL')),
    );
    served.registry.rule({ method: 'GET', route: 'blob', action: faults.header('X-Large', 'x'.repeat(1024 * 1024)) });
    await expect(readAll(client.repository('net-monitor'), blob)).rejects.toMatchObject(fails('ERR_REGISTRY_PROTOCOL'));
  });

  it.each([
    ['405 UNSUPPORTED', { status: 405, code: 'UNSUPPORTED' }],
    ['400 DIGEST_INVALID', { status: 400, code: 'DIGEST_INVALID' }],
    ['400 without a code', { status: 400 }],
  ])('%s for the deletion of a tag says that it is not supported', async (_, answer) => {
    const served = await serve();
    const { manifest } = await seed(served);
    served.registry.rule({ method: 'DELETE', route: 'manifest', action: faults.status(answer) });
    const repository = served.client().repository('net-monitor');
    await expect(repository.untag('v1')).rejects.toMatchObject(fails('ERR_REGISTRY_UNSUPPORTED'));
    await expect(repository.delete(manifest)).rejects.toMatchObject(fails('ERR_REGISTRY_UNSUPPORTED'));
  });

  it('an immutable tag that has our digest is success, another is an error', async () => {
    const served = await serve({ immutableTags: true });
    const { manifest } = await seed(served);
    const repository = served.client().repository('net-monitor');
    await repository.tag(manifest, 'v1');
    const other = { ...manifest, mediaType: 'application/vnd.oci.image.index.v1+json' };
    const bytes = utf8(JSON.stringify({ schemaVersion: 2, mediaType: other.mediaType, manifests: [] }));
    const { describe: describeContent } = await import('@notarykit/oci');
    const index = describeContent(other.mediaType, bytes);
    await repository.push(index, bytes);
    await expect(repository.tag(index, 'v1')).rejects.toMatchObject(fails(/CONFLICT|DENIED|PROTOCOL/));
  });

  it('P9 endless pages, loops and too many entries end in their code', async () => {
    const served = await serve();
    const { manifest } = await seed(served);
    let page = 0;
    const rule = served.registry.rule({
      route: ['tags', 'referrers'],
      action: (context) => faults.header('Link', `<${context.request.url.pathname}?p=${page++}>; rel="next"`)(context),
    });
    const repository = served.client({ limits: { tagPages: 7, referrersPages: 5 } }).repository('net-monitor');
    await expect(listAll(repository.tags())).rejects.toMatchObject(fails('ERR_REGISTRY_TOO_MANY_PAGES'));
    await expect(listAll(repository.referrers(manifest))).rejects.toMatchObject(fails('ERR_REGISTRY_TOO_MANY_PAGES'));
    expect(served.registry.requests.length).toBe(12);
    rule();
    served.registry.rule({
      route: 'tags',
      action: (context) =>
        faults.header(
          'Link',
          `<${context.request.url.pathname}?p=${context.request.url.search.endsWith('1') ? 2 : 1}>; rel="next"`,
        )(context),
    });
    await expect(listAll(repository.tags())).rejects.toMatchObject(fails('ERR_REGISTRY_TOO_MANY_PAGES'));
  });

  it('reports a warning once', async () => {
    const served = await serve();
    await seed(served);
    served.registry.rule({ action: faults.header('Warning', '299 - "moving soon", 299 - "moving soon"') });
    const texts: string[] = [];
    const repository = served.client({ onWarning: (text) => texts.push(text) }).repository('net-monitor');
    await repository.resolve('v1');
    await repository.resolve('v1');
    expect(texts).toEqual(['moving soon']);
  });
});

describe('accounts', () => {
  it('H7 wrong credentials say which registry and account refused, and never the secret', async () => {
    for (const auth of [basicAuth, tokenAuth]) {
      const served = await serve({ auth });
      await seed(served);
      const logged: unknown[] = [];
      const logger = Object.fromEntries(
        ['debug', 'info', 'warn', 'error'].map((level) => [level, (...all: unknown[]) => logged.push(all)]),
      );
      const credentials = { username: 'wabbit', password: 'wrong-secret' };
      const error = await served
        .client({ credentials, logger })
        .repository('net-monitor')
        .resolve('v1')
        .catch((cause: unknown) => cause as RegistryError);
      expect(error).toMatchObject({ code: 'ERR_REGISTRY_UNAUTHORIZED', detail: { account: 'wabbit' } });
      expect((error as Error).message).toContain(served.host);
      expect((error as Error).message).toContain('"wabbit"');
      const { inspect } = await import('node:util');
      const secrets = ['wrong-secret', Buffer.from('wabbit:wrong-secret').toString('base64')];
      for (const secret of secrets) {
        expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(secret);
        expect(JSON.stringify(logged)).not.toContain(secret);
        expect(JSON.stringify(error)).not.toContain(secret);
      }
      expect(served.registry.requests.length).toBeLessThanOrEqual(3);
    }
  });

  it('two accounts of one registry never mix', async () => {
    const accounts = ['one', 'two'].map((username) => ({
      username,
      password: username,
      rights: { [username]: ['pull', 'push'] as const },
    }));
    const served = await serve({ auth: { scheme: 'token', accounts } });
    const [one, two] = accounts.map(({ username, password }) => served.client({ credentials: { username, password } }));
    const bytes = bytesOf(10);
    await Promise.all([
      one?.repository('one').push(blobOf(bytes), bytes),
      two?.repository('two').push(blobOf(bytes), bytes),
    ]);
    for (const { repository, account: who, status } of served.registry.requests) {
      if (status === 201) expect(who).toBe(repository);
    }
    await expect(one?.repository('two').push(blobOf(bytesOf(20)), bytesOf(20))).rejects.toMatchObject(
      fails(/UNAUTHORIZED|DENIED/),
    );
  });

  it.each<[string, Parameters<typeof serve>[0], object]>([
    [
      'POST unknown to the token service',
      { auth: { ...tokenAuth, oauth2: false } },
      { ...account, refreshToken: 'identity-secret' },
    ],
    [
      'refresh tokens that rotate, tokens that live 1 s',
      { auth: { ...tokenAuth, rotateRefreshTokens: true, tokenLifeSeconds: 1 }, now: () => 0 },
      { refreshToken: 'identity-secret' },
    ],
    ['one scope for each token', { auth: { ...tokenAuth, maxScopes: 1 } }, account],
  ])('works with %s', async (_, options, credentials) => {
    const served = await serve(options);
    const { blob, bytes, manifest } = await seed(served);
    const client = served.client({ credentials });
    const [from, to] = [client.repository('net-monitor'), client.repository('copy')];
    expect((await readAll(from, blob)).length).toBe(bytes.length);
    if (!(await to.mount(blob, from))) await to.push(blob, bytes);
    expect(await to.exists(blob)).toBe(true);
    expect(await from.resolve('v1')).toEqual(manifest);
  });

  it('401 without a challenge, and 401 for ever, end at once', async () => {
    const served = await serve();
    await seed(served);
    served.registry.rule({ action: faults.status({ status: 401 }) });
    await expect(served.client({ credentials: account }).repository('net-monitor').resolve('v1')).rejects.toMatchObject(
      { code: 'ERR_REGISTRY_UNAUTHORIZED', message: expect.stringContaining('WWW-Authenticate') },
    );
    expect(served.registry.requests.length).toBe(1);
    const second = await serve({ auth: tokenAuth });
    second.registry.rule({
      route: 'manifest',
      action: faults.status({
        status: 401,
        headers: { 'WWW-Authenticate': `Bearer realm="${second.url}/token",service="s"` },
      }),
    });
    await expect(second.client({ credentials: account }).repository('net-monitor').resolve('v1')).rejects.toMatchObject(
      fails('ERR_REGISTRY_UNAUTHORIZED'),
    );
    expect(second.registry.requests.length).toBeLessThanOrEqual(4);
  });
});

describe('referrers', () => {
  it.each<[string, Action]>([
    ['200 with HTML', faults.status({ status: 200, headers: { 'Content-Type': 'text/html' }, body: utf8('<html>') })],
    ['303 to another site', faults.redirect('http://127.0.0.1:1/elsewhere', 303)],
    ['404 UNSUPPORTED', faults.status({ status: 404, code: 'UNSUPPORTED' })],
    ['405', faults.status({ status: 405 })],
    ['plain JSON', faults.header('Content-Type', 'application/json')],
  ])('an API that answers %s is none: the tag is read and kept', async (_, action) => {
    const served = await serve({ subjectHeader: true });
    const { manifest, document } = await seed(served);
    served.registry.rule({ route: 'referrers', action });
    const repository = served.client().repository('net-monitor');
    const { describe: describeContent } = await import('@notarykit/oci');
    const bytes = utf8(JSON.stringify({ ...document, subject: manifest }));
    const referrer = describeContent(manifest.mediaType, bytes);
    await repository.push(referrer, bytes);
    expect((await listAll(repository.referrers(manifest))).map(({ digest }) => digest)).toEqual([referrer.digest]);
    expect((await repository.resolve(manifest.digest.replace(':', '-'))).mediaType).toBe(
      'application/vnd.oci.image.index.v1+json',
    );
  });

  it('a missing repository does not switch the referrers API off', async () => {
    const served = await serve();
    const { manifest } = await seed(served);
    served.registry.rule({
      route: 'referrers',
      first: 1,
      action: faults.status({ status: 404, code: 'NAME_UNKNOWN' }),
    });
    const repository = served.client().repository('net-monitor');
    await expect(listAll(repository.referrers(manifest))).rejects.toMatchObject(fails('ERR_OCI_NOT_FOUND'));
    expect(await listAll(repository.referrers(manifest))).toEqual([]);
    expect(served.registry.requests.every(({ route }) => route === 'referrers')).toBe(true);
  });

  it('P15 a tag that is not an index lists nothing and is not overwritten', async () => {
    const served = await serve({ referrers: 'tag-schema' });
    const { manifest, document, manifestBytes } = await seed(served);
    const tag = manifest.digest.replace(':', '-');
    await served.registry.seed('net-monitor', {
      manifests: [{ bytes: manifestBytes, mediaType: manifest.mediaType, tags: [tag] }],
    });
    const repository = served.client().repository('net-monitor');
    expect(await listAll(repository.referrers(manifest))).toEqual([]);
    const { describe: describeContent } = await import('@notarykit/oci');
    const bytes = utf8(JSON.stringify({ ...document, subject: manifest }));
    await expect(repository.push(describeContent(manifest.mediaType, bytes), bytes)).rejects.toMatchObject(
      fails('ERR_REGISTRY_CONFLICT'),
    );
    expect(await repository.resolve(tag)).toEqual(manifest);
  });

  it.each([true, false])('P15 writers of several processes lose nothing (ETags: %s)', async (etags) => {
    const served = await serve({ referrers: 'tag-schema', etags });
    const { manifest, document } = await seed(served);
    const { describe: describeContent } = await import('@notarykit/oci');
    const pushed = await Promise.all(
      Array.from({ length: etags ? 6 : 3 }, async (_, i) => {
        const bytes = utf8(JSON.stringify({ ...document, subject: manifest, annotations: { i: String(i) } }));
        const referrer = describeContent(manifest.mediaType, bytes);
        // One client each: what they share is the registry alone.
        const repository = served.client({ retry: { baseMs: 20, maxMs: 200 } }).repository('net-monitor');
        for (let tries = 0; ; tries++) {
          try {
            await repository.push(referrer, bytes);
            return referrer.digest;
          } catch (error) {
            if ((error as RegistryError).code !== 'ERR_REGISTRY_LOST_UPDATE' || tries > 50) throw error;
          }
        }
      }),
    );
    const found = (await listAll(served.client().repository('net-monitor').referrers(manifest))).map(
      ({ digest }) => digest,
    );
    if (etags) expect(found.sort()).toEqual(pushed.sort());
    else expect(found.length).toBeGreaterThan(0);
  });
});

it('X2 a server that answers garbage causes a coded error', async () => {
  const server: Server = createServer((socket) => socket.resume().end('SSH-2.0-x\r\n\r\n'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await expect(createRegistry({ registry: `127.0.0.1:${port}`, ...quick }).ping()).rejects.toMatchObject(
    fails('ERR_REGISTRY_PROTOCOL'),
  );
  await new Promise((resolve) => server.close(resolve));
});
