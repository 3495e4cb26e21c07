import { parseReference, type Reference } from '@notarykit/oci/internal';
import { RegistryError } from '../../errors.js';
import type { PullSource, PullSources } from './pull-sources.js';
import type { PulledName } from './pulled-name.js';
import type { MirrorEntry, RegistryEntry } from './registries-document.js';
import { misconfigured } from './toml-table.js';

/** Where a repository is pulled from, by the entry whose prefix is the longest one that matches. */
export function sourcesIn(entries: readonly RegistryEntry[], name: PulledName): PullSources {
  const full = `${name.registry}/${name.repository}`;
  const found = entryFor(entries, full);
  if (found === undefined) return { origin: name, mirrors: [] };
  const { entry, length } = found;
  if (entry.blocked)
    throw new RegistryError(
      'ERR_REGISTRY_BLOCKED',
      `${full} is blocked by the prefix "${entry.prefix}" in ${entry.where}`,
    );
  const place = (at: MirrorEntry): PullSource =>
    placeOf(at, full, at.location === '' ? full : at.location + full.slice(length));
  // A mirror that only serves tags is left out: only the origin resolves tags.
  return { origin: place(entry), mirrors: entry.mirrors.filter(({ byDigest }) => byDigest).map(place) };
}

interface Found {
  readonly entry: RegistryEntry;
  /** Characters of the name that matched. */
  readonly length: number;
}

/** Of two prefixes of the same length, the first in byte order: a wildcard. */
function entryFor(entries: readonly RegistryEntry[], name: string): Found | undefined {
  let found: Found | undefined;
  for (const entry of [...entries].sort((a, b) => (a.prefix < b.prefix ? -1 : 1))) {
    const length = matchLength(name, entry.prefix);
    if (length >= 0 && entry.prefix.length > (found?.entry.prefix.length ?? 0)) found = { entry, length };
  }
  return found;
}

/**
 * How much of a name a prefix matches, or -1. As in containers, `example.com` also matches `example.com:5000`, and of a name that holds the
 * domain of a wildcard twice only the first place counts.
 */
function matchLength(name: string, prefix: string): number {
  const at = prefix.startsWith('*.') ? name.indexOf(prefix.slice(1)) : name.startsWith(prefix) ? 0 : -1;
  if (at < 0 || name.slice(0, at).includes('/')) return -1;
  const end = at + prefix.length - (prefix.startsWith('*.') ? 1 : 0);
  return end === name.length || name[end] === '/' || name[end] === ':' ? end : -1;
}

function placeOf({ insecure, upstream, where }: MirrorEntry, full: string, address: string): PullSource {
  const { registry, repository } = parseAddress(address, full, where);
  return {
    registry,
    repository,
    ...(insecure ? { plainHttp: 'allowed' } : {}),
    ...(upstream === '' ? {} : { upstream }),
  };
}

function parseAddress(address: string, full: string, where: string): Reference {
  const why = `${full} becomes "${address}", which is not the name of a repository`;
  let found: Reference;
  try {
    found = parseReference(address);
  } catch (cause) {
    throw misconfigured(where, why, cause);
  }
  if (found.tag === undefined && found.digest === undefined && !isFamiliar(found)) return found;
  throw misconfigured(where, why);
}

/** A short name of Docker Hub, which no program of containers pulls by its full name. */
const isFamiliar = ({ registry, repository }: Reference): boolean =>
  registry === 'index.docker.io' || (registry === 'docker.io' && !repository.includes('/'));
