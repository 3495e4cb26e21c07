import { memoized, requireText } from '@notarykit/common/internal';

const brand: unique symbol = Symbol('canonical');

/** The one spelling of a repository's name: what policies select by, and what caches and verdicts are about. */
export type RepositoryName = string & { readonly [brand]: true };

// Every name under which the API of Docker Hub answers.
const dockerHub = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io', 'registry.hub.docker.com']);

/**
 * The canonical spelling of `registry/repository`: names that reach the same repository are equal texts.
 *
 * - The host is in lower case; an IP address is in its usual form (`0x7f.1` is `127.0.0.1`).
 * - The default ports `:443` and `:80` are dropped both, since a trust policy's scope has no scheme. What a scheme or port
 *   changes about the server belongs in `Repository.source`.
 * - The other names of Docker Hub (`index.docker.io`, `registry-1.docker.io` …) are `docker.io`, where a single component is below
 *   `library/`.
 *
 * A text without a host, such as the name of a layout on disk, stays as it is. Calling it twice changes nothing.
 *
 * @example
 * ```ts
 * canonicalRepository('Registry.Wabbit-Networks.io:443/net-monitor'); // 'registry.wabbit-networks.io/net-monitor'
 * canonicalRepository('index.docker.io/nginx'); // 'docker.io/library/nginx'
 * ```
 */
export function canonicalRepository(name: string): RepositoryName {
  const slash = requireText(name, 'name of a repository').indexOf('/');
  if (slash < 1) return name as RepositoryName;
  const host = canonicalHost(name.slice(0, slash));
  const path = name.slice(slash + 1);
  return `${host}/${host === 'docker.io' && !path.includes('/') ? `library/${path}` : path}` as RepositoryName;
}

/**
 * The canonical spelling of a registry's host, with its port unless that is a default one: see {@link canonicalRepository}.
 *
 * @example
 * ```ts
 * canonicalHost('INDEX.docker.io:443'); // 'docker.io'
 * ```
 */
export function canonicalHost(host: string): string {
  return hostOf(host);
}

const hostOf = /* @__PURE__ */ memoized((host) => {
  const plain = parsedHost(host);
  return dockerHub.has(plain) ? 'docker.io' : plain;
}, 1_000);

/** As a request would reach it. The platform's URL parser is asked, because it is what decides where a request goes. */
function parsedHost(host: string): string {
  if (!/^[A-Za-z0-9.:[\]-]+$/.test(host) || !URL.canParse(`http://${host}`))
    // Only the one port of a name: what is left of more colons could be parsed the next time, and become another name.
    return host.toLowerCase().replace(/^([^:]*):443$/, '$1');
  return new URL(`http://${host}`).host.replace(/:443$/, '');
}
