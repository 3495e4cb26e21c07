import { createRegistry } from '@notarykit/registry-client';
import { faults } from '@notarykit/testing';
import { expect } from 'vitest';
import {
  account,
  basicAuth,
  blobOf,
  bytesOf,
  expectNoCredentials,
  quick,
  readAll,
  seed,
  serve,
  tokenAuth,
} from '../../integration/registry-client/support.ts';
import { on, type Players } from './setup.ts';

const unauthorized = { code: 'ERR_REGISTRY_UNAUTHORIZED' };

export const auth: Players = {
  'auth-bearer': async () => {
    const served = await serve({ auth: tokenAuth });
    const { blob } = await seed(served);
    const repository = served.client({ credentials: account }).repository('net-monitor');
    await Promise.all(Array.from({ length: 10 }, () => repository.exists(blob)));
    expect(on(served.registry, 'token')).toHaveLength(1);
  },
  'auth-bearer-short': async () => {
    // The registry's clock, so that a busy machine does not age a token under way; the client's token ages by the real one.
    let time = Date.now();
    const served = await serve({ auth: { ...tokenAuth, tokenLifeSeconds: 1 }, now: () => time });
    const repository = served.client({ credentials: account }).repository('net-monitor');
    for (const seedNumber of [1, 2]) {
      const bytes = bytesOf(200_000, seedNumber);
      let opened = 0;
      const open = () => {
        opened++;
        return new Blob([bytes]).stream();
      };
      await repository.push(blobOf(bytes), open);
      expect(opened).toBe(1);
      time += 1100;
      await new Promise((resolve) => setTimeout(resolve, 1100));
    }
  },
  'auth-scope-upgrade': async () => {
    const served = await serve({ auth: tokenAuth });
    const { blob } = await seed(served);
    const repository = served.client({ credentials: account }).repository('net-monitor');
    expect(await repository.exists(blob)).toBe(true);
    const bytes = bytesOf(10, 7);
    await repository.push(blobOf(bytes), bytes);
    expect(on(served.registry, 'token').some((one) => decodeURIComponent(one.query).includes('pull,push'))).toBe(true);
    const reader = { ...account, rights: { '*': ['pull'] as const } };
    const readOnly = await serve({ auth: { scheme: 'token', accounts: [reader] } });
    const pushed = readOnly.client({ credentials: account }).repository('net-monitor').push(blobOf(bytes), bytes);
    await expect(pushed).rejects.toMatchObject({ code: expect.stringMatching(/UNAUTHORIZED|DENIED/) });
    expect(on(readOnly.registry, 'token').length).toBeLessThanOrEqual(4);
  },
  'auth-two-credentials': async () => {
    const dev = { username: 'dev', password: 'dev-secret', rights: { 'dev/*': ['pull', 'push'] as const } };
    const ops = { username: 'ops', password: 'ops-secret', rights: { 'prod/*': ['pull', 'push'] as const } };
    const served = await serve({ auth: { scheme: 'token', accounts: [dev, ops] } });
    const bytes = bytesOf(100);
    const of = (one: typeof dev | typeof ops, name: string) => served.client({ credentials: one }).repository(name);
    const [from, to] = [of(dev, 'dev/app'), of(ops, 'prod/app')];
    await Promise.all([from.push(blobOf(bytes), bytes), to.push(blobOf(bytes), bytes)]);
    await expect(of(dev, 'prod/app').exists(blobOf(bytes))).rejects.toMatchObject({
      code: expect.stringMatching(/^ERR_REGISTRY/),
    });
    for (const { repository, account: who, status } of served.registry.requests)
      if (repository !== undefined && status === 201) expect(who).toBe(repository.startsWith('dev/') ? 'dev' : 'ops');
  },
  'auth-mount-scope': async () => {
    const bytes = bytesOf(100);
    for (const maxScopes of [undefined, 1]) {
      const served = await serve({ auth: { ...tokenAuth, ...(maxScopes === undefined ? {} : { maxScopes }) } });
      const registry = served.client({ credentials: account });
      const [source, target] = [registry.repository('source'), registry.repository('target')];
      await source.push(blobOf(bytes), bytes);
      served.registry.forgetRequests();
      if (!(await target.mount(blobOf(bytes), source))) await target.push(blobOf(bytes), bytes);
      expect(await target.exists(blobOf(bytes))).toBe(true);
      const mounted = on(served.registry, 'uploads').some((one) => one.query.includes('mount=') && one.status === 201);
      if (maxScopes === undefined) {
        expect(mounted).toBe(true);
        const scopes = on(served.registry, 'token').map((one) =>
          new URLSearchParams(one.query).getAll('scope').join(' '),
        );
        expect(scopes.some((text) => text.includes('source') && text.includes('target'))).toBe(true);
      }
    }
  },
  'auth-oauth2-404': async () => {
    const served = await serve({ auth: { ...tokenAuth, oauth2: false } });
    const { blob } = await seed(served);
    expect(await served.client({ credentials: account }).repository('net-monitor').exists(blob)).toBe(true);
    expect(on(served.registry, 'token', 'GET').some((one) => one.status === 200)).toBe(true);
  },
  'auth-identity-token': async () => {
    const served = await serve({ auth: { ...tokenAuth, rotateRefreshTokens: true } });
    const { blob } = await seed(served);
    const registry = served.client({ credentials: { refreshToken: 'identity-secret' } });
    expect(await registry.repository('net-monitor').exists(blob)).toBe(true);
    // The first token is spent: only the rotated one gives the second scope.
    expect(await registry.repository('other').exists(blob)).toBe(false);
    expect(on(served.registry, 'token', 'POST').every((one) => one.status === 200)).toBe(true);
  },
  'auth-basic': async () => {
    const [served, storage] = [await serve({ auth: basicAuth }), await serve()];
    const { blob } = await seed(served);
    await seed(storage);
    served.registry.rule({
      method: 'GET',
      route: 'blob',
      action: async (context) => {
        const answer = await context.next();
        return answer.status === 401 ? answer : faults.redirect((path) => storage.url + path)(context);
      },
    });
    await readAll(served.client({ credentials: account }).repository('net-monitor'), blob);
    expectNoCredentials(storage.registry.requests);
  },
  'auth-401-after-token': async () => {
    const served = await serve({ auth: tokenAuth });
    const { blob } = await seed(served);
    served.registry.rule({ route: 'blob', action: ({ request }) => refuse(request.url.origin) });
    const asked = served.client({ credentials: account }).repository('net-monitor').exists(blob);
    await expect(asked).rejects.toMatchObject(unauthorized);
    expect(on(served.registry, 'blob').length).toBeLessThanOrEqual(4);
  },
  'auth-403': async () => {
    const served = await serve({ auth: basicAuth });
    const { blob } = await seed(served);
    served.registry.rule({ route: 'blob', action: faults.status({ status: 403, code: 'DENIED' }) });
    const repository = served.client({ credentials: account }).repository('net-monitor');
    await expect(readAll(repository, blob)).rejects.toMatchObject({ code: 'ERR_REGISTRY_DENIED' });
    expect(on(served.registry, 'blob').length).toBeLessThanOrEqual(2);
  },
  'auth-401-no-header': async () => {
    const served = await serve();
    const { blob } = await seed(served);
    served.registry.rule({ route: 'blob', action: faults.status({ status: 401, code: 'UNAUTHORIZED' }) });
    const repository = served.client({ credentials: account }).repository('net-monitor');
    await expect(readAll(repository, blob)).rejects.toMatchObject(unauthorized);
  },
  'auth-realm-evil': async () => {
    const plain = 'http://registry.example/token';
    for (const realm of ['https://169.254.169.254/token', 'https://10.0.0.1/token', plain]) {
      const seen: string[] = [];
      const registry = createRegistry({
        registry: 'registry.example',
        credentials: account,
        ...quick,
        fetch: async (url) => {
          seen.push(url);
          const headers = { 'www-authenticate': `Bearer realm="${realm}",service="s"` };
          return Object.defineProperty(new Response(null, { status: 401, headers }), 'url', { value: url });
        },
      });
      const asked = registry.repository('net-monitor').resolve('v1');
      await expect(asked).rejects.toMatchObject(unauthorized);
      expect(seen.every((url) => url.startsWith('https://registry.example/v2/'))).toBe(true);
    }
  },
};

function refuse(origin: string) {
  const headers: [string, string][] = [
    [
      'WWW-Authenticate',
      `Bearer realm="${origin}/token",service="embedded-registry",scope="repository:net-monitor:pull"`,
    ],
    ['Content-Length', '0'],
  ];
  return { status: 401, headers };
}
