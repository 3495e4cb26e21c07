import { quote } from '@notarykit/common/internal';
import { canonicalHost, canonicalRepository, OciError, parseReference } from '@notarykit/oci/internal';
import { isLoopbackHost } from './http/address.js';

/**
 * The origin of a registry's API; docker.io is a name, its API is elsewhere.
 *
 * @throws {OciError} `ERR_OCI_INVALID` for anything but `host[:port]`
 */
export function originOf({ registry, plainHttp }: { readonly registry: string; readonly plainHttp?: boolean }): string {
  checkRegistryHost(registry);
  const host = canonicalHost(registry) === 'docker.io' ? 'registry-1.docker.io' : registry;
  const url = URL.canParse(`https://${host}`) ? new URL(`https://${host}`) : undefined;
  if (url === undefined) throw notHost(registry, 'is not a host');
  const plain = plainHttp ?? isLoopbackHost(url.hostname);
  return plain ? new URL(`http://${host}`).origin : url.origin;
}

/**
 * Refuses anything but `host[:port]`. A path would belong to every repository's name, while requests would go to others: a policy would
 * judge what was not asked for.
 *
 * @throws {OciError} `ERR_OCI_INVALID`
 */
export function checkRegistryHost(registry: unknown): asserts registry is string {
  if (typeof registry !== 'string') throw notHost(registry, 'is not a string');
  // An account in it would appear in every message.
  if (registry.includes('@'))
    throw new OciError(
      'ERR_OCI_INVALID',
      `${expected}, found an account before a host; accounts go into "credentials"`,
    );
  if (/^[a-z]+:\/\//i.test(registry)) throw notHost(registry, 'has a scheme; http is asked for with "plainHttp"');
  const slash = registry.indexOf('/');
  if (slash >= 0)
    throw notHost(
      registry,
      `has a path; say createRegistry({ registry: ${quote(registry.slice(0, slash))} }).repository('path/name')`,
    );
  if (parsedHost(registry) !== registry) throw notHost(registry, 'is not a host');
}

function parsedHost(registry: string): string | undefined {
  try {
    return parseReference(`${registry}/a`).registry;
  } catch {
    return undefined;
  }
}

const expected = 'expected a registry as host[:port], such as "registry.example.com" or "localhost:5000"';

function notHost(registry: unknown, why: string): OciError {
  return new OciError('ERR_OCI_INVALID', `${expected}, found ${quote(registry)}, which ${why}`);
}

/**
 * The path of a registry's API: the default, or another that needs no escapes in a URL.
 *
 * @throws {OciError} `ERR_OCI_INVALID`
 */
export function checkApiPath(path = '/v2'): string {
  // Nothing that a URL parser changes or reads as another part: dots, a query, an escape, a second host.
  const plain = typeof path === 'string' && /^(?:\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*$/.test(path);
  if (plain) return path;
  throw new OciError(
    'ERR_OCI_INVALID',
    `expected "apiPath" as the path of an API, such as "/v2" or "/team/v2", found ${quote(path)}`,
  );
}

/** The path of a repository as it is asked for: familiar names of Docker Hub are completed, as in the name that policies see. */
export function pathOf(registry: string, repository: string): string {
  const name = canonicalRepository(`${registry}/${repository}`);
  return name.slice(name.indexOf('/') + 1);
}
