import type { Choices } from './random.js';

/** A configuration of mirrors, and the repository whose places are asked for. */
export interface MirrorQuestion {
  readonly text: string;
  readonly name: string;
  /** Drop-in files of podman, or the files of containerd's folder. */
  readonly files?: Readonly<Record<string, string>>;
}

const question = (text: string, name = 'registry.test/team/app', files?: MirrorQuestion['files']): MirrorQuestion => ({
  text,
  name,
  ...(files === undefined ? {} : { files }),
});

const registry = (members: string, mirror = 'location = "m.test/cache"'): string =>
  `[[registry]]\n${members}\n[[registry.mirror]]\n${mirror}\n`;

/** What people write into `registries.conf`. */
export const registriesForms: Readonly<Record<string, MirrorQuestion>> = {
  nothing: question(''),
  location: question(registry('location = "registry.test"')),
  'slashes at the end': question(registry('location = "registry.test//"')),
  prefix: question(registry('prefix = "registry.test/team"\nlocation = "inner.test/x"')),
  'whole name': question(registry('prefix = "registry.test/team/app"\nlocation = "inner.test/y"')),
  'part of a component': question(registry('location = "registry.test/te"')),
  'part of a host': question(registry('location = "registry.tes"')),
  'capitals in a path': question(registry('prefix = "registry.test/Team"\nlocation = "inner.test"')),
  wildcard: question(registry('prefix = "*.test"')),
  'wildcard that moves': question(registry('prefix = "*.test"\nlocation = "inner.example"')),
  'wildcard with a port behind': question(registry('prefix = "*.test"'), 'registry.test:5000/app'),
  'wildcard in a path': question(registry('prefix = "*.test"'), 'other.example/a.test/b'),
  'domain of a wildcard twice': question(registry('prefix = "*.test"'), 'a.test.test/b'),
  'port without one in the prefix': question(registry('location = "registry.test"'), 'registry.test:5000/app'),
  'port in the prefix': question(registry('location = "registry.test:5000"'), 'registry.test:5000/app'),
  'Docker Hub': question(registry('location = "docker.io"'), 'docker.io/library/alpine'),
  'Docker Hub moved': question(
    registry('prefix = "docker.io/library"\nlocation = "q.test/hub"'),
    'docker.io/library/alpine',
  ),
  'longest prefix': question(
    `${registry('location = "registry.test"')}${registry('location = "registry.test/team"', 'location = "long.test"')}`,
  ),
  'same length': question(
    `${registry('location = "a.b.test"', 'location = "n.test"')}${registry('prefix = "*.b.test"')}`,
    'a.b.test/app',
  ),
  'same prefix': question(
    `${registry('location = "registry.test"', 'location = "first.test"')}${registry('location = "registry.test"')}`,
  ),
  'one location, two prefixes': question(
    `${registry('prefix = "a.test"\nlocation = "registry.test"')}${registry('location = "registry.test"')}`,
  ),
  insecure: question(registry('location = "registry.test"\ninsecure = true', 'location = "m.test"\ninsecure = true')),
  blocked: question(registry('location = "registry.test"\nblocked = true')),
  'blocked below': question(
    `${registry('location = "registry.test"\nblocked = true')}${registry('location = "registry.test/team"')}`,
  ),
  'digests only': question(registry('location = "registry.test"\nmirror-by-digest-only = true')),
  'mirror for digests': question(
    registry('location = "registry.test"', 'location = "m.test"\npull-from-mirror = "digest-only"'),
  ),
  'mirror for tags': question(
    registry('location = "registry.test"', 'location = "m.test"\npull-from-mirror = "tag-only"'),
  ),
  'proxy by name': question(
    registry('location = "registry.test"', 'location = "m.test"\nnamespace-proxy = "registry.test"'),
  ),
  'inline tables': question(
    '[[registry]]\nlocation = "registry.test"\nmirror = [{location = "m.test"}, {location = "n.test"}]',
  ),
  'capitals of members': question('[[Registry]]\nLOCATION = "registry.test"\nMirror = [{location = "m.test"}]'),
  'members of nobody': question(`x = 1\n${registry('location = "registry.test"\ncolour = "red"')}`),
  'empty version 1': question(`[registries]\n${registry('location = "registry.test"')}`),
  'version 1': question('[registries.search]\nregistries = ["docker.io"]'),
  'drop-in files': question(registry('location = "registry.test"'), 'registry.test/team/app', {
    '20-b.conf': registry('location = "registry.test"', 'location = "b.test"'),
    '10-a.conf': registry('location = "registry.test"', 'location = "a.test"'),
    'ignored.txt': 'no configuration',
  }),
  'drop-in that unblocks': question(registry('location = "registry.test"\nblocked = true'), 'registry.test/app', {
    '10.conf': registry('location = "registry.test"'),
  }),
  scheme: question(registry('location = "https://registry.test"')),
  'location of capitals': question(registry('location = "registry.test"', 'location = "m.test/Cache"')),
  'location with a tag': question(
    registry('prefix = "registry.test/team/app"\nlocation = "a.test/app"', 'location = "m.test/app:v1"'),
  ),
  'no location': question('[[registry]]\nprefix = "registry.test"'),
  'two opinions': question(
    `${registry('location = "a.test"')}${registry('prefix = "b.test"\nlocation = "a.test"\nblocked = true')}`,
  ),
  'rules of both kinds': question(
    registry(
      'location = "registry.test"\nmirror-by-digest-only = true',
      'location = "m.test"\npull-from-mirror = "all"',
    ),
  ),
};

const host = (url: string, members = ''): string => `[host."${url}"]\n${members}\n`;
const folders = (text: string, name: string, folder: string): MirrorQuestion =>
  question(text, name, { [`${folder}/hosts.toml`]: text, '_default/hosts.toml': 'server = "https://other.test"' });

/** What people write into `hosts.toml`. */
export const hostsForms: Readonly<Record<string, MirrorQuestion>> = {
  server: question('server = "https://inner.test"'),
  'server without scheme': question('server = "inner.test:5000"'),
  'server itself': question('server = "https://registry.test"'),
  'server of Docker Hub': question('server = "https://registry-1.docker.io"', 'docker.io/library/alpine'),
  'mirror of Docker Hub': question(host('https://m.test'), 'docker.io/library/alpine'),
  'no capabilities': question(host('https://m.test', 'capabilities = []')),
  'hosts in their order': question(
    `server = "https://registry.test"\n${host('https://z.test')}${host('https://m.test')}${host('http://a.test:5000')}`,
  ),
  'subtable first': question(`[host."https://m.test".header]\nx-a = "b"\n${host('https://a.test')}`),
  'one word': question(host('http://mirror:5000')),
  path: question(host('https://m.test/team')),
  'path of version': question(host('https://m.test/team/v2/')),
  'path of its own': question(host('https://m.test/team', 'override_path = true')),
  'no path': question(host('https://m.test', 'override_path = true')),
  slash: question(host('https://m.test/')),
  'proxy project': question(host('https://m.test/v2/proxy', 'override_path = true')),
  'proxy project with the version behind': question(host('https://m.test/v2/proxy')),
  dots: question(host('https://m.test/a/../b')),
  'without pull': question(host('https://m.test', 'capabilities = ["push", "resolve"]')),
  'images alone': question(host('https://m.test', 'capabilities = ["PULL", "resolve"]')),
  referrers: question(host('https://m.test', 'capabilities = ["pull", "referrers"]')),
  'capabilities of no server': question(`capabilities = ["push"]\n${host('https://m.test')}`),
  header: question(`${host('https://m.test')}[host."https://m.test".header]\nx-a = ["b", "c"]\n`),
  'members of nobody': question(`colour = "red"\n${host('https://m.test', 'colour = "red"')}`),
  'capitals of members': question(
    `Server = "https://inner.test"\n${host('https://m.test', 'Capabilities = ["push"]')}`,
  ),
  'folder of the name': folders('server = "https://inner.test"', 'registry.test/app', 'registry.test'),
  'folder with a port': folders('server = "https://inner.test"', 'registry.test:5000/app', 'registry.test_5000_'),
  'folder with a colon': folders('server = "https://inner.test"', 'registry.test:5000/app', 'registry.test:5000'),
  'folder without the port': folders('server = "https://inner.test"', 'registry.test:5000/app', 'registry.test'),
  'not TOML': question('server = '),
  'unknown capability': question(host('https://m.test', 'capabilities = ["delete"]')),
};

const names = [
  'registry.test/team/app',
  'registry.test:5000/team/app',
  'a.registry.test/x',
  'docker.io/library/alpine',
  'b.test/y',
];
const locations = [
  'registry.test',
  'registry.test/team',
  'registry.test:5000',
  'docker.io',
  'docker.io/library',
  'a.registry.test',
  'b.test',
  'm.test',
  'm.test/cache/',
  'n.test:80',
];
const prefixes = [...locations, '*.test', '*.registry.test', '*.io', ''];

/** A `registries.conf` that a person could have written. */
export function randomRegistries({ one, chance }: Choices): MirrorQuestion {
  const flag = (name: string, probability: number): string => (chance(probability) ? `${name} = true\n` : '');
  const mirror = (): string => {
    const pull = chance(0.2) ? `pull-from-mirror = "${one(['all', 'digest-only', 'tag-only'])}"\n` : '';
    return `[[registry.mirror]]\nlocation = "${one(locations)}"\n${flag('insecure', 0.2)}${pull}`;
  };
  const entry = (): string => {
    const prefix = chance(0.6) ? `prefix = "${one(prefixes)}"\n` : '';
    const location = chance(0.85) ? `location = "${one(locations)}"\n` : '';
    const flags = `${flag('insecure', 0.08)}${flag('blocked', 0.08)}${flag('mirror-by-digest-only', 0.1)}`;
    return `[[registry]]\n${prefix}${location}${flags}${chance(0.8) ? mirror() : ''}${chance(0.4) ? mirror() : ''}`;
  };
  const file = (): string => Array.from({ length: one([1, 2, 3, 4]) }, entry).join('');
  return question(file(), one(names), chance(0.3) ? { '10.conf': file() } : {});
}

const urls = [
  'https://m.test',
  'http://m.test:5000',
  'm.test:5000',
  'https://m.test/',
  'https://m.test/v2',
  'https://m.test/v2/',
  'https://n.test/team',
  'https://n.test/v2/proxy',
  'https://registry.test',
  'https://registry-1.docker.io',
];

/** A `hosts.toml` that a person could have written. */
export function randomHosts({ one, chance }: Choices): MirrorQuestion {
  const members = (): string => {
    const some = ['pull', 'resolve', 'push', 'referrers'].filter(() => chance(0.6));
    const capabilities = chance(0.6) ? `capabilities = ${JSON.stringify(some)}\n` : '';
    return `${capabilities}${chance(0.3) ? 'override_path = true\n' : ''}`;
  };
  const server = chance(0.6) ? `server = "${one(urls)}"\n${chance(0.3) ? members() : ''}` : '';
  const hosts = urls.filter(() => chance(0.25)).map((url) => host(url, members()));
  return question(`${server}${hosts.join('')}`, one(names));
}
