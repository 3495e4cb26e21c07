import { quote } from '@notarykit/common/internal';
import { misconfigured, parseToml, type TomlTable } from './toml-table.js';

/** A `[[registry]]` table. */
export interface RegistryEntry extends MirrorEntry {
  readonly prefix: string;
  readonly blocked: boolean;
  readonly mirrors: readonly MirrorEntry[];
}

/** A place of a registry: its own, or a `[[registry.mirror]]`. */
export interface MirrorEntry {
  /** Empty for a registry with a wildcard: what matches stays as it is. */
  readonly location: string;
  readonly insecure: boolean;
  readonly upstream: string;
  /** Whether it is asked for content by digest. */
  readonly byDigest: boolean;
  readonly where: string;
}

const topNames = [
  'registry',
  'registries',
  'unqualified-search-registries',
  'credential-helpers',
  'short-name-mode',
  'additional-layer-store-auth-helper',
  'aliases',
];
const placeNames = ['location', 'insecure', 'pull-from-mirror', 'namespace-proxy'];
const registryNames = [...placeNames, 'prefix', 'blocked', 'mirror', 'mirror-by-digest-only'];
const pullValues = ['', 'all', 'digest-only', 'tag-only'];

/**
 * The registries of one file of version 2, one for each prefix: of several, the first counts. Short names and their aliases are not read.
 *
 * @throws {RegistryError} `ERR_REGISTRY_CONFIGURATION`, also for a file of version 1
 */
export async function parseRegistries(text: string, where: string): Promise<ReadonlyMap<string, RegistryEntry>> {
  const document = await parseToml(text, where);
  document.check(topNames);
  if (document.table('registries').names.length > 0)
    throw misconfigured(
      where,
      'found version 1 of the format ([registries.search] and the like), expected version 2 ([[registry]])',
    );
  const entries = document.tables('registry').map(entryOf);
  checkAgreement(entries);
  return new Map([...entries].reverse().map((entry) => [entry.prefix, entry]));
}

function entryOf(table: TomlTable): RegistryEntry {
  table.check(registryNames);
  if (table.text('pull-from-mirror') !== '') throw misconfigured(table.where, '"pull-from-mirror" is only for mirrors');
  const digestsOnly = table.flag('mirror-by-digest-only') ?? false;
  const place = placeOf(table);
  const prefix = table.text('prefix') === '' ? place.location : addressOf(table, 'prefix');
  checkPrefix(prefix, place);
  const mirrors = table.tables('mirror').map((mirror) => mirrorOf(mirror, digestsOnly));
  return { ...place, prefix: foldedHost(prefix), blocked: table.flag('blocked') ?? false, mirrors };
}

function checkPrefix(prefix: string, { location, where }: MirrorEntry): void {
  const wildcard = prefix.startsWith('*.');
  if (wildcard && /[/@:]/.test(prefix))
    throw misconfigured(where, `expected a prefix with "*" as "*.example.com", found ${quote(prefix)}`);
  if (prefix === '') throw misconfigured(where, 'neither "location" nor "prefix" is given');
  if (location === '' && !wildcard) throw misconfigured(where, '"location" is not given, and "prefix" has no "*."');
}

function mirrorOf(table: TomlTable, digestsOnly: boolean): MirrorEntry {
  table.check(placeNames);
  const pulls = table.text('pull-from-mirror');
  if (!pullValues.includes(pulls))
    throw misconfigured(
      table.where,
      `expected "pull-from-mirror" as all, digest-only or tag-only, found ${quote(pulls)}`,
    );
  if (digestsOnly && pulls !== '')
    throw misconfigured(table.where, '"pull-from-mirror" and "mirror-by-digest-only" cannot both be set');
  const place = placeOf(table);
  if (place.location === '') throw misconfigured(table.where, '"location" of the mirror is not given');
  return { ...place, byDigest: pulls !== 'tag-only' };
}

function placeOf(table: TomlTable): MirrorEntry {
  const insecure = table.flag('insecure') ?? false;
  const { where } = table;
  return {
    location: addressOf(table, 'location'),
    insecure,
    upstream: table.text('namespace-proxy'),
    byDigest: true,
    where,
  };
}

function addressOf(table: TomlTable, name: string): string {
  const address = table.text(name).replace(/\/+$/, '');
  if (!/^https?:\/\//.test(address)) return address;
  throw misconfigured(table.where, `"${name}" has a scheme: expected host[:port][/path]`);
}

/** One location cannot be blocked or insecure under one prefix and not so under another. */
function checkAgreement(entries: readonly RegistryEntry[]): void {
  const first = new Map<string, RegistryEntry>();
  for (const entry of entries) {
    const place = entry.location === '' ? entry.prefix : entry.location;
    const other = first.get(place) ?? entry;
    first.set(place, other);
    for (const name of ['insecure', 'blocked'] as const)
      if (entry[name] !== other[name])
        throw misconfigured(entry.where, `"${name}" differs from another [[registry]] of ${quote(place)}`);
  }
}

/** Hosts ignore case: another spelling must not get around a prefix that blocks. */
function foldedHost(prefix: string): string {
  const slash = prefix.indexOf('/');
  return slash < 0 ? prefix.toLowerCase() : prefix.slice(0, slash).toLowerCase() + prefix.slice(slash);
}
