import type { JsonObject } from '@notarykit/common/internal';

/** Whose file it is: docker and podman find different accounts under the same keys. */
export type Reading = 'docker' | 'podman';

/** The key under which docker keeps the account of Docker Hub. */
const hubKey = 'https://index.docker.io/v1/';
const hubHosts = ['docker.io', 'index.docker.io', 'registry-1.docker.io'];
const isHub = (host: string): boolean => hubHosts.includes(host);

/** What a helper is asked for, and the name of the registry in docker's file. */
export const serverNameOf = (registry: string): string => (isHub(registry) ? hubKey : registry);

/**
 * The keys of the account of a registry: the one that is exactly its name, else all that stand for its host. A host never matches by
 * its beginning (threats H18). Of several, docker and podman take any.
 */
export function keysOf(auths: JsonObject, registry: string, reading: Reading, repository?: string): readonly string[] {
  const names = repository === undefined ? [] : namespacesOf(isHub(registry) ? 'docker.io' : registry, repository);
  const exact = [...names, reading === 'docker' ? serverNameOf(registry) : hubName(registry)];
  const found = exact.find((name) => Object.hasOwn(auths, name));
  if (found !== undefined) return [found];
  return Object.keys(auths).filter((key) =>
    reading === 'docker' ? isDockers(key, registry) : isPodmans(key, registry),
  );
}

/** The longest first. */
function namespacesOf(registry: string, repository: string): readonly string[] {
  const parts = repository.split('/');
  return parts.map((_, i) => `${registry}/${parts.slice(0, parts.length - i).join('/')}`);
}

const hubName = (registry: string): string => (isHub(registry) ? 'docker.io' : registry);

/** A URL of any scheme, or a host with a path: no key but its own stands for Docker Hub. */
function isDockers(key: string, registry: string): boolean {
  if (isHub(registry)) return false;
  const [, scheme = '', authority] = /^([^/]*?):\/\/(?:[^/?#]*@)?([^/?#]*)/.exec(key) ?? [];
  // A colon without a port behind it is nothing; two of them are only where Go does not look.
  const colon = /^https?$/i.test(scheme) ? /(?<=^(?:\[[^\]]*\]|[^:]*)):$/ : /:$/;
  return registry === (authority?.replace(colon, '') ?? key.split('/')[0]);
}

/** A URL of http or https; a path without a scheme is a namespace. */
function isPodmans(key: string, registry: string): boolean {
  const stripped = key.replace(/^http:\/\//, '').replace(/^https:\/\//, '');
  const host = stripped === key ? key : (stripped.split('/')[0] ?? '');
  return hubName(host) === hubName(registry);
}
