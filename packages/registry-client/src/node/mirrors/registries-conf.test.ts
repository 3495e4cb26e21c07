import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { devNull, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { registriesConf } from './registries-conf.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'registries-conf-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The places of a repository, the mirrors before the origin, in one line each. */
async function places(text: string, repository = 'registry.test/team/app'): Promise<readonly string[]> {
  await writeFile(join(folder, 'registries.conf'), text);
  const configuration = registriesConf({
    file: join(folder, 'registries.conf'),
    directory: join(folder, 'none'),
    env: {},
  });
  const { origin, mirrors } = await configuration.sourcesOf(repository);
  return [...mirrors, origin].map(({ registry, repository: name, plainHttp, upstream }) =>
    [`${registry}/${name}`, plainHttp, upstream && `ns=${upstream}`].filter(Boolean).join(' '),
  );
}

const app = 'registry.test/team/app';
const mirrored = (registry: string, mirror = 'location = "mirror.test/cache"') =>
  `[[registry]]\n${registry}\n[[registry.mirror]]\n${mirror}\n`;

describe('registries-conf', () => {
  it.each<[title: string, text: string, expected: readonly string[], repository?: string]>([
    ['nothing', '', [app]],
    ['another registry', mirrored('location = "other.test"'), [app]],
    ['a location', mirrored('location = "registry.test"'), ['mirror.test/cache/team/app', app]],
    ['slashes at its end', mirrored('location = "registry.test//"'), ['mirror.test/cache/team/app', app]],
    [
      'a prefix',
      mirrored('prefix = "registry.test/team"\nlocation = "inner.test/x"'),
      ['mirror.test/cache/app', 'inner.test/x/app'],
    ],
    [
      'a whole name',
      mirrored('prefix = "registry.test/team/app"\nlocation = "inner.test/y"'),
      ['mirror.test/cache', 'inner.test/y'],
    ],
    ['part of a component', mirrored('location = "registry.test/te"'), [app]],
    ['part of a host', mirrored('location = "registry.tes"'), [app]],
    ['a wildcard', mirrored('prefix = "*.test"'), ['mirror.test/cache/team/app', app]],
    [
      'a wildcard that moves',
      mirrored('prefix = "*.test"\nlocation = "inner.example"'),
      ['mirror.test/cache/team/app', 'inner.example/team/app'],
    ],
    [
      'a wildcard in a path',
      mirrored('prefix = "*.test"\nlocation = "inner.test"'),
      ['other.example/a.test/b'],
      'other.example/a.test/b',
    ],
    ['the domain of a wildcard itself', mirrored('prefix = "*.registry.test"'), [app]],
    ['a domain twice', mirrored('prefix = "*.test"'), ['a.test.test/b'], 'a.test.test/b'],
    [
      'a port without one in the prefix',
      mirrored('location = "registry.test"', 'location = "m.test"'),
      ['m.test:5000/app', 'registry.test:5000/app'],
      'registry.test:5000/app',
    ],
    ['a port in the prefix', mirrored('location = "registry.test:5000"'), [app]],
    [
      'capitals',
      mirrored('prefix = "Registry.TEST"\nlocation = "a.test"'),
      ['mirror.test/cache/team/app', 'a.test/team/app'],
    ],
    [
      'Docker Hub',
      mirrored('location = "docker.io"'),
      ['mirror.test/cache/library/alpine', 'docker.io/library/alpine'],
      'index.docker.io/alpine',
    ],
    [
      'the longest prefix',
      `${mirrored('location = "registry.test/team"', 'location = "long.test"')}${mirrored('location = "registry.test"')}`,
      ['long.test/app', app],
    ],
    [
      'a wildcard of the same length',
      `${mirrored('location = "a.b.test"', 'location = "name.test"')}${mirrored('prefix = "*.b.test"')}`,
      ['mirror.test/cache/app', 'a.b.test/app'],
      'a.b.test/app',
    ],
    [
      'a prefix twice',
      `${mirrored('location = "registry.test"', 'location = "first.test"')}${mirrored('location = "registry.test"')}`,
      ['first.test/team/app', app],
    ],
    [
      'insecure',
      `[[registry]]\nlocation = "registry.test"\ninsecure = true\n[[registry.mirror]]\nlocation = "m.test"\n[[registry.mirror]]\nlocation = "n.test"\ninsecure = true`,
      ['m.test/team/app', 'n.test/team/app allowed', `${app} allowed`],
    ],
    [
      'digests only',
      mirrored('location = "registry.test"\nmirror-by-digest-only = true'),
      ['mirror.test/cache/team/app', app],
    ],
    [
      'a mirror for digests',
      mirrored('location = "registry.test"', 'location = "m.test"\npull-from-mirror = "digest-only"'),
      ['m.test/team/app', app],
    ],
    [
      'a mirror for all',
      mirrored('location = "registry.test"', 'location = "m.test"\npull-from-mirror = "all"'),
      ['m.test/team/app', app],
    ],
    [
      'a mirror for tags',
      mirrored('location = "registry.test"', 'location = "m.test"\npull-from-mirror = "tag-only"'),
      [app],
    ],
    [
      'a proxy by name',
      mirrored('location = "registry.test"', 'location = "m.test"\nnamespace-proxy = "registry.test"'),
      ['m.test/team/app ns=registry.test', app],
    ],
    [
      'inline tables',
      '[[registry]]\nlocation = "registry.test"\nmirror = [{ location = "m.test" }, { location = "n.test" }]',
      ['m.test/team/app', 'n.test/team/app', app],
    ],
    [
      'members of Go',
      '[[Registry]]\nLocation = "registry.test"\nMIRROR = [{ location = "m.test" }]',
      ['m.test/team/app', app],
    ],
    [
      'what is not read',
      'unqualified-search-registries = ["docker.io"]\nshort-name-mode = "strange"\ncredential-helpers = ["x"]\n[aliases]\napp = "evil.test/app"\n[something]\nelse = 1',
      [app],
    ],
    ['an empty table of version 1', '[registries]\n', [app]],
  ])('%s', async (_, text, expected, repository) => expect(await places(text, repository)).toEqual(expected));

  it.each([
    ['version 1', '[registries.search]\nregistries = ["docker.io"]'],
    ['both versions', `${mirrored('location = "registry.test"')}[registries.block]\nregistries = []`],
    ['no TOML', '[[registry]]\nlocation = '],
    ['a duplicate', '[[registry]]\nlocation = "a.test"\nlocation = "b.test"'],
    ['a duplicate in capitals', '[[registry]]\nlocation = "a.test"\nLocation = "b.test"'],
    ['one table', '[registry]\nlocation = "registry.test"'],
    ['a registry of texts', 'registry = ["registry.test"]'],
    ['dates', 'registry = [2020-01-01]'],
    ['neither location nor prefix', '[[registry]]\ninsecure = true'],
    ['a prefix without location', '[[registry]]\nprefix = "registry.test"'],
    ['a scheme', '[[registry]]\nlocation = "https://registry.test"'],
    ['a scheme of a mirror', mirrored('location = "registry.test"', 'location = "http://m.test"')],
    ['a wildcard with a port', '[[registry]]\nprefix = "*.test:5000"'],
    ['a wildcard with a path', '[[registry]]\nprefix = "*.test/a"'],
    ['a mirror without location', mirrored('location = "registry.test"', 'insecure = true')],
    ['a text for a truth', '[[registry]]\nlocation = "registry.test"\nblocked = "true"'],
    ['a number for a text', '[[registry]]\nlocation = 5000'],
    ['a misspelt member', '[[registry]]\nlocation = "registry.test"\nblock = true'],
    ['misspelt mirrors', '[[registry]]\nlocation = "registry.test"\n[[registry.mirrors]]\nlocation = "m.test"'],
    ['a misspelt table', '[[registri]]\nlocation = "registry.test"\nblocked = true'],
    [
      'a mirror that is not what it says',
      mirrored('location = "registry.test"', 'location = "m.test"\npull-from-mirror = "digests"'),
    ],
    [
      'two rules about digests',
      mirrored(
        'location = "registry.test"\nmirror-by-digest-only = true',
        'location = "m.test"\npull-from-mirror = "all"',
      ),
    ],
    ['a rule of mirrors at a registry', '[[registry]]\nlocation = "registry.test"\npull-from-mirror = "all"'],
    [
      'two opinions of insecure',
      '[[registry]]\nlocation = "a.test"\n[[registry]]\nprefix = "b.test"\nlocation = "a.test"\ninsecure = true',
    ],
    [
      'two opinions of blocked',
      '[[registry]]\nlocation = "a.test"\nblocked = true\n[[registry]]\nprefix = "b.test"\nlocation = "a.test"',
    ],
    ['a place that is not one', mirrored('location = "registry.test"', 'location = "m.test/UPPER"')],
    [
      'a place with a tag',
      mirrored('prefix = "registry.test/team/app"\nlocation = "a.test/app"', 'location = "m.test/app:v1"'),
    ],
    ['a short name of Docker Hub', mirrored('prefix = "registry.test/team"\nlocation = "docker.io"')],
    ['a host of one word', mirrored('location = "registry.test"', 'location = "mirror"')],
  ])('a file with %s is refused', async (_, text) => {
    await expect(places(text)).rejects.toMatchObject({ code: 'ERR_REGISTRY_CONFIGURATION' });
  });

  it.each(['registry.test', 'registry.test/team', 'registry.test/team/app', 'REGISTRY.test'])(
    'blocks %s',
    async (location) => {
      const blocked = `${mirrored(`location = "${location}"\nblocked = true`)}`;
      await expect(places(blocked, 'Registry.test/team/app')).rejects.toMatchObject({ code: 'ERR_REGISTRY_BLOCKED' });
      expect(await places(blocked, 'other.test/team/app')).toEqual(['other.test/team/app']);
    },
  );

  it('refuses a FIFO at once, without waiting for a writer', async () => {
    const file = join(folder, 'registries.conf');
    execFileSync('mkfifo', [file]);
    await expect(registriesConf({ file }).sourcesOf(app)).rejects.toMatchObject({ code: 'ERR_REGISTRY_CONFIGURATION' });
  });

  it('reads what is in the place of the main file, then drop-in files by name', async () => {
    const files = {
      'etc/containers/registries.conf': mirrored('location = "registry.test"', 'location = "main.test"'),
      'usr/share/containers/registries.conf': mirrored('location = "second.test"', 'location = "unread.test"'),
      'usr/share/containers/registries.conf.d/10-a.conf': mirrored(
        'location = "second.test"',
        'location = "hidden.test"',
      ),
      'etc/containers/registries.conf.d/10-a.conf': mirrored('location = "second.test"', 'location = "a.test"'),
      'home/.config/containers/registries.conf.d/20-b.conf': mirrored('location = "third.test"', 'location = "b.test"'),
      'etc/containers/registries.conf.d/30-c.conf': mirrored('location = "third.test"', 'location = "c.test"'),
      'home/.config/containers/registries.conf.d/50-e.conf': mirrored(
        'location = "fourth.test"',
        'location = "e.test"',
      ),
      'etc/containers/registries.conf.d/40-d.txt': 'no configuration',
      'override.conf': mirrored('location = "registry.test"', 'location = "last.test"'),
    };
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    const env = { HOME: join(folder, 'home'), XDG_CONFIG_HOME: '' };
    const mirrorOf = async (registry: string, more: Readonly<Record<string, string>> = {}) => {
      const { mirrors } = await registriesConf({ root: folder, env: { ...env, ...more } }).sourcesOf(`${registry}/app`);
      return mirrors.map((mirror) => mirror.registry).join();
    };
    expect(
      await Promise.all(['registry.test', 'second.test', 'third.test', 'fourth.test'].map((each) => mirrorOf(each))),
    ).toEqual(['main.test', 'a.test', 'c.test', 'e.test']);
    const override = join(folder, 'override.conf');
    expect(await mirrorOf('registry.test', { CONTAINERS_REGISTRIES_CONF_OVERRIDE: override })).toBe('last.test');
    const alone = { CONTAINERS_REGISTRIES_CONF: override };
    expect([await mirrorOf('registry.test', alone), await mirrorOf('third.test', alone)]).toEqual(['last.test', '']);
    expect(await mirrorOf('registry.test', { CONTAINERS_REGISTRIES_CONF: devNull })).toBe('');
    for (const name of ['CONTAINERS_REGISTRIES_CONF', 'CONTAINERS_REGISTRIES_CONF_OVERRIDE'])
      await expect(mirrorOf('registry.test', { [name]: join(folder, 'none') })).rejects.toMatchObject({
        code: 'ERR_REGISTRY_CONFIGURATION',
      });
  });
});
