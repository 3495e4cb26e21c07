import { utf8 } from '@notarykit/common';
import { createRegistry } from '@notarykit/registry-client';
import { faults } from '@notarykit/testing';
import { describe, expect, it } from 'vitest';
import {
  account,
  basicAuth,
  blobOf,
  bytesOf,
  expectNoCredentials,
  listAll,
  quick,
  readAll,
  type Served,
  seed,
  serve,
  tokenAuth,
} from './support.js';

const secretHeaders = { 'x-custom-secret': 'custom-secret' };

describe('H1 redirects', () => {
  it('H1 a blob redirected to another origin arrives without credentials there', async () => {
    const [origin, storage] = [await serve({ auth: basicAuth }), await serve()];
    const { blob, bytes } = await seed(origin);
    await seed(storage);
    origin.registry.rule({
      method: 'GET',
      route: 'blob',
      action: async (context) => {
        const answer = await context.next();
        return answer.status === 401 ? answer : faults.redirect((path) => `${storage.url}${path}?sig=1`)(context);
      },
    });
    const repository = origin.client({ credentials: account, headers: secretHeaders }).repository('net-monitor');
    expect((await readAll(repository, blob)).length).toBe(bytes.length);
    expect(storage.registry.requests.length).toBe(1);
    expectNoCredentials(storage.registry.requests);
    expect(origin.registry.requests.some(({ headers }) => headers['authorization'] !== undefined)).toBe(true);
  });

  it('H1 another name of the same machine is another origin', async () => {
    const origin = await serve({ auth: basicAuth });
    const other = await origin.registry.listen({ name: 'localhost' });
    const { blob } = await seed(origin);
    origin.registry.rule({
      method: 'GET',
      route: 'blob',
      when: ({ url }) => url.hostname === '127.0.0.1',
      action: async (context) => {
        const answer = await context.next();
        return answer.status === 401 ? answer : faults.redirect((path) => `${other.url}${path}`)(context);
      },
    });
    const repository = origin.client({ credentials: account }).repository('net-monitor');
    // The registry wants credentials, the redirect left them behind: the answer is its refusal.
    await expect(readAll(repository, blob)).rejects.toMatchObject({ code: 'ERR_REGISTRY_UNAUTHORIZED' });
    expectNoCredentials(origin.registry.requests.filter(({ host }) => host.startsWith('localhost')));
  });

  it('H1 a redirect within the origin keeps the authorization', async () => {
    const origin = await serve({ auth: basicAuth });
    const { blob, bytes } = await seed(origin);
    origin.registry.rule({
      method: 'GET',
      route: 'blob',
      when: ({ url }) => url.search === '',
      action: faults.redirect((path) => `${path}?again=1`),
    });
    const repository = origin.client({ credentials: account }).repository('net-monitor');
    expect((await readAll(repository, blob)).length).toBe(bytes.length);
  });

  it.each([
    ['a loop', (path: string) => path],
    ['a scheme that is none', () => 'ftp://127.0.0.1/x'],
    ['credentials in the URL', (path: string) => `http://u:p@127.0.0.1:1${path}`],
    ['no URL', () => 'http://['],
  ])('H1 refuses %s', async (_, location) => {
    const origin = await serve();
    const { blob } = await seed(origin);
    origin.registry.rule({ method: 'GET', route: 'blob', action: faults.redirect(location) });
    await expect(readAll(origin.client().repository('net-monitor'), blob)).rejects.toMatchObject({
      code: 'ERR_REGISTRY_REDIRECT',
    });
    expect(origin.registry.requests.length).toBeLessThanOrEqual(6);
  });

  it('H1 follows a 307 of a write only within its origin', async () => {
    const [origin, other] = [await serve(), await serve()];
    const bytes = bytesOf(1000);
    const repository = origin.client().repository('net-monitor');
    const stop = origin.registry.rule({
      method: 'PUT',
      route: 'upload',
      first: 1,
      action: faults.redirect((path) => `${path}&again=1`),
    });
    await repository.push(blobOf(bytes), bytes);
    stop();
    origin.registry.rule({ method: 'PUT', route: 'upload', action: faults.redirect((path) => `${other.url}${path}`) });
    const more = bytesOf(1000, 2);
    await expect(repository.push(blobOf(more), more)).rejects.toMatchObject({ code: 'ERR_REGISTRY_REDIRECT' });
    origin.registry.clearRules();
    origin.registry.rule({ method: 'PUT', route: 'upload', action: faults.redirect((path) => path, 302) });
    await expect(repository.push(blobOf(more), more)).rejects.toMatchObject({ code: 'ERR_REGISTRY_REDIRECT' });
    expect(other.registry.requests).toEqual([]);
  });
});

/** Uploads that are authorized go to another place. */
function leadUploads({ registry }: Served, location: string): void {
  registry.rule({
    method: 'POST',
    route: 'uploads',
    action: async ({ next }) => {
      const answer = await next();
      return answer.status === 401
        ? answer
        : faults.header('Location', location)({ next: async () => answer } as never);
    },
  });
}

describe('H2 upload locations', () => {
  it('H2 content goes to another host without credentials, and to none that is not listed', async () => {
    const [origin, storage] = [await serve({ auth: basicAuth }), await serve()];
    const bytes = bytesOf(1000);
    const started = await fetch(`${storage.url}/v2/net-monitor/blobs/uploads/`, { method: 'POST' });
    const location = new URL(started.headers.get('location') ?? '', storage.url).href;
    storage.registry.forgetRequests();
    leadUploads(origin, location);
    const listed = origin.client({ credentials: account, uploadHosts: [] }).repository('net-monitor');
    await expect(listed.push(blobOf(bytes), bytes)).rejects.toMatchObject({ code: 'ERR_REGISTRY_REDIRECT' });
    expect(storage.registry.requests).toEqual([]);
    const open = origin.client({ credentials: account, headers: secretHeaders }).repository('net-monitor');
    await open.push(blobOf(bytes), bytes);
    expect(storage.registry.requests.map(({ method, status }) => [method, status])).toEqual([['PUT', 201]]);
    expectNoCredentials(storage.registry.requests);
  });

  it('H2 the error says that another host asks for an account, not the registry', async () => {
    const [origin, storage] = [await serve({ auth: basicAuth }), await serve({ auth: basicAuth })];
    const location = `${storage.url}/v2/net-monitor/blobs/uploads/1`;
    leadUploads(origin, location);
    const bytes = bytesOf(10);
    const pushed = origin.client({ credentials: account }).repository('net-monitor').push(blobOf(bytes), bytes);
    const error = await pushed.then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(error).toMatchObject({ code: 'ERR_REGISTRY_UNAUTHORIZED', detail: { status: 401 } });
    expect(error).not.toHaveProperty('detail.account');
    expect(error?.message).toContain(`${new URL(origin.url).host} sent the request to this host`);
    expect(error?.message).not.toContain('no account was sent');
    expectNoCredentials(storage.registry.requests);
  });

  it.each(['', 'ftp://127.0.0.1/u', 'http://a:b@127.0.0.1/u'])('H2 refuses the Location "%s"', async (location) => {
    const origin = await serve();
    const bytes = bytesOf(10);
    origin.registry.rule({
      method: 'POST',
      route: 'uploads',
      action: faults.header('Location', location || undefined),
    });
    await expect(origin.client().repository('net-monitor').push(blobOf(bytes), bytes)).rejects.toMatchObject({
      code: 'ERR_REGISTRY_REDIRECT',
    });
  });
});

describe('H3 token services', () => {
  it.each(['ftp://127.0.0.1/token', 'http://u:p@127.0.0.1/token', 'http://127.0.0.1/token#x'])(
    'H3 nothing is sent to %s',
    async (realm) => {
      const origin = await serve({ auth: { ...tokenAuth, realm } });
      const { blob } = await seed(origin);
      const repository = origin.client({ credentials: account }).repository('net-monitor');
      await expect(readAll(repository, blob)).rejects.toMatchObject({
        code: 'ERR_REGISTRY_UNAUTHORIZED',
        message: expect.stringContaining('realmHosts'),
      });
      expect(origin.registry.requests.length).toBe(1);
    },
  );

  it('H3 a list of hosts narrows where credentials go', async () => {
    const service = await serve({ auth: tokenAuth }, { name: 'localhost' });
    const origin = await serve({ auth: { ...tokenAuth, realm: `${service.url}/token` } });
    await seed(origin);
    const refused = origin.client({ credentials: account, realmHosts: ['auth.example.com'] }).repository('net-monitor');
    await expect(refused.resolve('v1')).rejects.toMatchObject({ code: 'ERR_REGISTRY_UNAUTHORIZED' });
    expect(service.registry.requests).toEqual([]);
    const allowed = origin.client({ credentials: account, realmHosts: [service.host] }).repository('net-monitor');
    await expect(allowed.resolve('v1')).rejects.toMatchObject({ code: expect.stringMatching(/^ERR_REGISTRY_/) });
    expect(service.registry.requests.length).toBeGreaterThan(0);
  });

  it('H3 a token service that redirects is not followed', async () => {
    const [origin, other] = [await serve({ auth: tokenAuth }), await serve()];
    await seed(origin);
    origin.registry.rule({ route: 'token', action: faults.redirect(`${other.url}/token`) });
    const repository = origin.client({ credentials: account }).repository('net-monitor');
    await expect(repository.resolve('v1')).rejects.toMatchObject({ code: 'ERR_REGISTRY_REDIRECT' });
    expect(other.registry.requests).toEqual([]);
  });
});

describe('H4 H5 H6 tokens', () => {
  it('H4 requests only its own scope, whatever the challenge names', async () => {
    const origin = await serve({ auth: tokenAuth });
    await seed(origin);
    origin.registry.rule({
      action: faults.change((answer) =>
        answer.status === 401
          ? {
              ...answer,
              headers: answer.headers.map(([name, value]) =>
                name.toLowerCase() === 'www-authenticate'
                  ? ([
                      name,
                      value
                        .replace(
                          /scope="[^"]*"/,
                          'scope="repository:net-monitor:pull,push repository:secret:* registry:catalog:*"',
                        )
                        .replace('service="', 'service="a&b=c '),
                    ] as const)
                  : ([name, value] as const),
              ),
            }
          : answer,
      ),
    });
    await origin
      .client({ credentials: account })
      .repository('net-monitor')
      .resolve('v1')
      .catch(() => undefined);
    const [token] = origin.registry.requests.filter(({ route }) => route === 'token');
    const query = new URLSearchParams(token?.query);
    expect(query.getAll('scope')).toEqual(['repository:net-monitor:pull']);
    expect(query.get('b')).toBeNull();
    expect(query.get('service')).toMatch(/^a&b=c /);
  });

  it('H5 sends an identity token only to its own token service', async () => {
    const [origin, foreign] = [await serve({ auth: tokenAuth }), await serve()];
    const lookAlike = await serve({ auth: { ...tokenAuth, realm: `${foreign.url}/token` } });
    await seed(origin);
    await seed(lookAlike);
    const credentials = { refreshToken: 'identity-secret' };
    await origin.client({ credentials }).repository('net-monitor').resolve('v1');
    const pinned = lookAlike.client({ credentials, realmHosts: ['myregistry.azurecr.io'] });
    // Loopback is one host here: the list lets nothing but the registry's own host through.
    await pinned
      .repository('net-monitor')
      .resolve('v1')
      .catch(() => undefined);
    const sent = foreign.registry.requests.filter(({ method }) => method === 'POST');
    for (const { headers } of sent) expect(headers['authorization']).toBeUndefined();
    expect(origin.registry.requests.filter(({ route }) => route === 'token').length).toBe(1);
  });

  it('H6 uses a token only for its registry, account and scope', async () => {
    const rights = { 'a/**': ['pull'] as const };
    const accounts = [
      { username: 'one', password: '1' },
      { username: 'two', password: '2', rights },
    ];
    const origin = await serve({ auth: { scheme: 'token', accounts } });
    await seed(origin);
    const one = origin.client({ credentials: { username: 'one', password: '1' } }).repository('net-monitor');
    const two = origin.client({ credentials: { username: 'two', password: '2' } }).repository('net-monitor');
    await Promise.all(Array.from({ length: 8 }, () => one.resolve('v1')));
    await expect(two.resolve('v1')).rejects.toMatchObject({ code: expect.stringMatching(/UNAUTHORIZED|DENIED/) });
    const tokens = origin.registry.requests.filter(({ route }) => route === 'token');
    const named = (name: string): number => tokens.filter(({ query }) => query.includes(`account=${name}`)).length;
    expect(named('one')).toBe(1);
    // A wider scope is a new token, and serves the narrower one from then on.
    await one.push(blobOf(utf8('x')), utf8('x'));
    await one.resolve('v1');
    const scopes = origin.registry.requests.filter(
      ({ route, query }) => route === 'token' && query.includes('account=one'),
    );
    expect(scopes.map(({ query }) => new URLSearchParams(query).get('scope'))).toEqual([
      'repository:net-monitor:pull',
      'repository:net-monitor:pull,push',
    ]);
  });
});

it('P9 a link to another origin is refused before anything is sent there', async () => {
  const [origin, other] = [await serve({ auth: basicAuth }), await serve()];
  const { manifest } = await seed(origin);
  const link = faults.header('Link', `<${other.url}/v2/net-monitor/tags/list?last=a>; rel="next"`);
  origin.registry.rule({ route: ['tags', 'referrers'], action: link });
  const repository = origin.client({ credentials: account }).repository('net-monitor');
  await expect(listAll(repository.tags())).rejects.toMatchObject({ code: 'ERR_REGISTRY_REDIRECT' });
  await expect(listAll(repository.referrers(manifest))).rejects.toMatchObject({ code: 'ERR_REGISTRY_REDIRECT' });
  expect(other.registry.requests).toEqual([]);
});

describe('H15 plain http', () => {
  it('H15 uses plain http only with this machine, unless requested', async () => {
    const origin = await serve({}, { name: 'registry.test' });
    await seed(origin);
    const connection = { resolve: { 'registry.test': '127.0.0.1' } };
    const strict = createRegistry({ registry: origin.host, ...quick, connection, retry: { maxRetries: 0 } });
    await expect(strict.repository('net-monitor').resolve('v1')).rejects.toMatchObject({
      code: expect.stringMatching(/UNAVAILABLE|PROTOCOL/),
    });
    expect(origin.registry.requests).toEqual([]);
    const plain = createRegistry({ registry: origin.host, ...quick, connection, plainHttp: true });
    expect((await plain.repository('net-monitor').resolve('v1')).size).toBeGreaterThan(0);
  });
});
