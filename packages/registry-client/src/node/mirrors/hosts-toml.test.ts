import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostsToml } from './hosts-toml.js';
import type { PullSource } from './pull-sources.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hosts-toml-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

const show = ({ registry, repository, apiPath, plainHttp, upstream, withoutReferrers }: PullSource): string =>
  [
    `${registry}/${repository}`,
    plainHttp,
    apiPath !== undefined && `at ${apiPath || '/'}`,
    upstream && `ns=${upstream}`,
    withoutReferrers && 'without referrers',
  ]
    .filter(Boolean)
    .join(' ');

const sourcesOf = (repository: string) => hostsToml({ directories: [folder] }).sourcesOf(repository);

/** The places of a repository, the mirrors before the origin, in one line each. */
async function places(text: string, repository = 'registry.test/team/app'): Promise<readonly string[]> {
  await write({ '_default/hosts.toml': text });
  const { origin, mirrors } = await sourcesOf(repository);
  return [...mirrors, origin].map(show);
}

const app = 'registry.test/team/app';
const host = (url: string, members = ''): string => `[host."${url}"]\n${members}\n`;
const mirror = (rest = '') => `m.test/team/app never${rest} ns=registry.test`;

describe('hosts-toml', () => {
  it.each<[title: string, text: string, expected: readonly string[], repository?: string]>([
    ['a server', 'server = "https://inner.test"', ['inner.test/team/app never ns=registry.test']],
    ['a server without scheme', 'server = "inner.test:5000"', ['inner.test:5000/team/app never ns=registry.test']],
    ['the server itself', 'server = "https://registry.test"', [`${app} never`]],
    [
      'Docker Hub',
      'server = "https://registry-1.docker.io"',
      ['registry-1.docker.io/library/alpine never'],
      'docker.io/alpine',
    ],
    [
      'a mirror of Docker Hub',
      host('https://m.test'),
      ['m.test/library/alpine never ns=docker.io', 'docker.io/library/alpine'],
      'docker.io/alpine',
    ],
    ['a host', host('https://m.test'), [mirror(), app]],
    [
      'hosts in their order',
      `${host('https://z.test')}${host('https://m.test')}${host('http://a.test')}`,
      ['z.test/team/app never ns=registry.test', mirror(), 'a.test/team/app required ns=registry.test', app],
    ],
    [
      'a table of headers first',
      `[host."https://m.test".header]\nX-A = "b"\n${host('https://a.test')}`,
      [mirror(), 'a.test/team/app never ns=registry.test', app],
    ],
    ['a host of one word', host('http://mirror'), ['mirror:80/team/app required ns=registry.test', app]],
    ['a path', host('https://m.test/team'), [mirror(' at /team/v2'), app]],
    ['a path that ends so', host('https://m.test/team/v2/'), [mirror(' at /team/v2'), app]],
    ['a path of its own', host('https://m.test/team', 'override_path = true'), [mirror(' at /team'), app]],
    ['no path at all', host('https://m.test', 'override_path = true'), [mirror(' at /'), app]],
    ['a slash', host('https://m.test/'), [mirror(), app]],
    [
      'a proxy project',
      host('https://m.test/v2/proxy', 'override_path = true'),
      ['m.test/proxy/team/app never ns=registry.test', app],
    ],
    ['capabilities without pull', host('https://m.test', 'capabilities = ["push", "resolve"]'), [app]],
    [
      'capabilities of images alone',
      host('https://m.test', 'capabilities = ["Pull", "resolve"]'),
      [`${mirror()} without referrers`, app],
    ],
    ['capabilities of all', host('https://m.test', 'capabilities = ["pull", "referrers"]'), [mirror(), app]],
    ['no capabilities', host('https://m.test', 'capabilities = []'), [mirror(), app]],
    ['capabilities of the registry itself', 'capabilities = ["push"]', [app]],
    [
      'certificates that are not checked',
      host('https://m.test', 'skip_verify = true\ndial_timeout = "3s"'),
      [mirror(), app],
    ],
    ['an inline table', 'host = { "https://m.test" = { capabilities = ["pull", "referrers"] } }', [mirror(), app]],
    ['unknown members', `something = 1\n${host('https://m.test', 'other = { a = 1 }')}`, [mirror(), app]],
  ])('%s', async (_, text, expected, repository) => expect(await places(text, repository)).toEqual(expected));

  it.each([
    ['no TOML', 'server = '],
    ['a server that is a number', 'server = 5000'],
    ['a server of another scheme', 'server = "ftp://m.test"'],
    ['a server that begins as a scheme does', 'server = "https:/m.test"'],
    ['an account', 'server = "https://user:secret@m.test"'],
    ['an account of a host', host('https://user:secret@m.test')],
    ['an account in two spellings', host('https://user:secret@m.test') + host('https://user:secret@M.test')],
    ['a query', host('https://m.test?a=b')],
    ['an escape', host('https://m.test/%2e%2e')],
    ['a path that begins with a dot', host('https://m.test/.api')],
    ['a host that is a path', host('/run/mirror.sock')],
    ['a host without name', host('')],
    ['a port that is too large', host('https://m.test:70000')],
    ['a number for a host', '[host.5000]'],
    ['an array of hosts', '[[host."https://m.test"]]'],
    ['a host that is a text', 'host = "https://m.test"'],
    ['a project that is not a name', host('https://m.test/v2/Proxy', 'override_path = true')],
    ['an unknown capability', host('https://m.test', 'capabilities = ["pull", "delete"]')],
    ['a capability alone', host('https://m.test', 'capabilities = "pull"')],
    ['a server for pushes alone', 'server = "https://m.test"\ncapabilities = ["push"]'],
    ['a misspelt member', host('https://m.test', 'capabilites = ["push"]')],
    ['a misspelt table', '[hosts."https://m.test"]'],
    ['a text for a truth', host('https://m.test', 'skip_verify = "true"')],
    ['an authority that is not there', host('https://m.test', 'ca = "none.crt"')],
    ['an authority that is a number', host('https://m.test', 'ca = 1')],
    ['an authority that is not PEM', host('https://m.test', 'ca = "hosts.toml"')],
    ['a triple of clients', host('https://m.test', 'client = [["a", "b", "c"]]')],
    ['a header that is a number', host('https://m.test', 'header = { a = 1 }')],
  ])('a file with %s is refused', async (_, text) => {
    const error = await places(text).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'ERR_REGISTRY_CONFIGURATION' });
    expect(String(error)).not.toContain('secret');
  });

  it.each([
    ['localhost:5000/app', 'a.test'],
    ['localhost:5001/app', 'b.test'],
    ['registry.test/app', 'c.test'],
    ['other.test/app', 'd.test'],
    ['bare.test/app', 'bare.test'],
  ])('%s is in the folder of its name: %s', async (repository, expected) => {
    await write({
      'localhost_5000_/hosts.toml': 'server = "a.test"',
      'localhost:5000/hosts.toml': 'server = "unread.test"',
      'localhost:5001/hosts.toml': 'server = "b.test"',
      'registry.test/hosts.toml': 'server = "c.test"',
      '_default/hosts.toml': 'server = "d.test"',
      // A folder that says nothing is the one all the same.
      'bare.test/readme.txt': '',
    });
    expect((await sourcesOf(repository)).origin.registry).toBe(expected);
  });

  it('uses the first folder that has a file, and the registry itself when no folder has one', async () => {
    await write({
      'one/a.test/hosts.toml': 'server = "x.test"',
      'two/_default/hosts.toml': 'server = "y.test"',
      'two/a.test/hosts.toml': '',
    });
    const directories = ['none', 'one', 'two'].map((each) => join(folder, each));
    const origins = ['a.test/app', 'b.test/app'].map((each) => hostsToml({ directories }).sourcesOf(each));
    expect((await Promise.all(origins)).map(({ origin }) => origin.registry)).toEqual(['x.test', 'y.test']);
    const none = await hostsToml({ directories: [join(folder, 'none')] }).sourcesOf('a.test/app');
    expect(none).toEqual({ origin: { registry: 'a.test', repository: 'app' }, mirrors: [] });
  });

  it('reads certificates, keys and headers of each place', async () => {
    const pem = (what: string) => `-----BEGIN ${what}-----\n`;
    const [a, b, c, k] = [pem('A'), pem('B'), pem('C'), pem('K')];
    const members =
      'ca = ["a.crt", "sub/b.crt"]\nclient = [["c.cert", "k.key"]]\n[host."https://m.test".header]\nx-one = "1"\nx-two = ["2", "3"]';
    const text = `server = "https://registry.test"\nca = "a.crt"\nclient = "c.cert"\n${host('https://m.test', members)}`;
    const certificates = { 'a.crt': a, 'sub/b.crt': b, 'c.cert': c, 'k.key': k };
    const named = Object.entries(certificates).flatMap(([name, value]) => [
      [`registry.test/${name}`, value] as const,
      [`bare.test/${name}`, value] as const,
    ]);
    await write({ 'registry.test/hosts.toml': text, ...Object.fromEntries(named) });
    const { origin, mirrors } = await sourcesOf('registry.test/app');
    expect(origin.authorities).toEqual([a]);
    expect(origin.clientCertificate).toEqual({ cert: c, key: c });
    expect(mirrors).toMatchObject([
      { authorities: [a, b], clientCertificate: { cert: c, key: k }, headers: { 'x-one': '1', 'x-two': '2, 3' } },
    ]);
    const bare = await sourcesOf('bare.test/app');
    expect(bare.origin.authorities).toEqual([a]);
    expect(bare.origin.clientCertificate).toEqual({ cert: c, key: c });
    await write({ 'bare.test/c.key': k });
    expect((await sourcesOf('bare.test/app')).origin).toMatchObject({ clientCertificate: { cert: c, key: k } });
    await write({ 'bare.test/d.cert': c });
    await expect(sourcesOf('bare.test/app')).rejects.toMatchObject({ code: 'ERR_REGISTRY_CONFIGURATION' });
  });
});
