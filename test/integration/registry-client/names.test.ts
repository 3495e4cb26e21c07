import { createRegistry } from '@notarykit/registry-client';
import { describe, expect, it } from 'vitest';
import { seed, serve } from './support.js';

describe('what a registry is called', () => {
  it.each([
    'localhost:5055/trusted',
    'localhost:5055/',
    'https://registry.example.com',
    'registry.example.com/a/b',
    'registry.example.com?x',
    'registry.example.com#x',
    'registry.example.com:99999',
    'wabbit:carrot-secret@registry.example.com',
    ' registry.example.com',
    'registry',
    '',
    '/',
    undefined,
    null,
    7,
  ])('%s is not a host', (registry) => {
    const create = (): unknown => createRegistry({ registry: registry as string });
    expect(create).toThrow(expect.objectContaining({ code: 'ERR_OCI_INVALID' }));
    expect(create).toThrow(/host\[:port\]/);
    expect(create).not.toThrow(/carrot-secret/);
  });

  it('a path belongs into the name of the repository, and the message says so', () => {
    const create = (): unknown => createRegistry({ registry: 'localhost:5055/trusted' });
    expect(create).toThrow(/createRegistry\(\{ registry: "localhost:5055" \}\)\.repository\(/);
  });

  it.each([
    ['Registry.Example.com:443', 'a', 'registry.example.com/a'],
    ['registry.example.com:5000', 'a', 'registry.example.com:5000/a'],
    ['docker.io', 'nginx', 'docker.io/library/nginx'],
    ['registry-1.docker.io', 'wabbit/app', 'docker.io/wabbit/app'],
  ])('the repository of %s, %s, is %s', (registry, path, name) => {
    expect(createRegistry({ registry }).repository(path).name).toBe(name);
  });

  it('requests go to the repository that the name says', async () => {
    const asked: string[] = [];
    const fetch = async (url: string) => {
      asked.push(url);
      return { status: 404, headers: { get: () => null }, url, body: null };
    };
    const repository = createRegistry({ registry: 'docker.io', fetch }).repository('nginx');
    await expect(repository.resolve('v1')).rejects.toMatchObject({ code: 'ERR_OCI_NOT_FOUND' });
    expect(asked).toEqual(['https://registry-1.docker.io/v2/library/nginx/manifests/v1']);
  });

  it('the source name differs for each configuration of a registry', async () => {
    const fetch = async () => ({ status: 404, headers: { get: () => null }, url: '', body: null });
    const other = async () => ({ status: 404, headers: { get: () => null }, url: '', body: null });
    const source = (options: object): string | undefined =>
      createRegistry({ registry: 'registry.example.com', ...options }).repository('a').source;
    const ways = [
      {},
      { plainHttp: true },
      { registry: 'registry.example.com:80' },
      { fetch },
      { fetch: other },
      { connection: { resolve: { 'registry.example.com': '127.0.0.1' } } },
      { connection: { resolve: { 'registry.example.com': '127.0.0.2' } } },
      { connection: { lookup: () => undefined } },
      { connection: { servername: 'other.example.com' } },
      { connection: { ca: 'one' } },
      { connection: { ca: ['one', 'two'] } },
      { connection: { proxy: 'http://me:sesame@proxy.test:3128' } },
      { connection: { proxy: 'http://me:sesame@proxy.test:3128', noProxy: ['registry.example.com'] } },
      { headers: { 'x-tenant': 'a' } },
      { headers: { 'x-tenant': 'b' } },
      { referrers: 'tags' },
      { legacyReferrers: true },
      { exposesLink: true },
      { limits: { referrers: 5 } },
    ];
    const sources = ways.map(source);
    expect(new Set(sources).size).toBe(ways.length);
    expect(ways.map(source)).toEqual(sources);
    expect(sources.join()).not.toContain('sesame');
    const same = [
      { credentials: { username: 'me', password: 'sesame' } },
      { timeouts: {} },
      { chunkSize: 5 },
      { connection: {} },
    ];
    expect(new Set(same.map(source))).toEqual(new Set([source({})]));
  });

  it('mounts a blob from a repository with another spelling of its name', async () => {
    const served = await serve();
    const { blob } = await seed(served);
    const client = served.client({ registry: served.host.replace('127.0.0.1', '127.1') });
    expect(await client.repository('copy').mount(blob, client.repository('net-monitor'))).toBe(true);
  });
});
