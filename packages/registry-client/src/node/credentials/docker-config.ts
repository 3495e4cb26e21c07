import {
  decodeBase64,
  decodeUtf8,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseJson,
  quote,
} from '@notarykit/common';
import type { Credential } from '../../auth/credential.js';
import { RegistryError } from '../../errors.js';

/** What a docker or podman file says about one registry. */
export type ConfigAnswer =
  | { readonly kind: 'none' }
  | { readonly kind: 'helper'; readonly suffix: string }
  | { readonly kind: 'credential'; readonly credential: Credential };

/** A docker `config.json` or podman `auth.json`. */
export interface DockerConfig {
  /** Where the credentials of a registry are: a helper first, then the file. */
  find(registry: string): ConfigAnswer;
  /** The file's own entry, helpers aside; with `repository` also podman's namespaces, the longest first. */
  entry(registry: string, repository?: string): Credential | undefined;
}

/** The key under which docker keeps the account of Docker Hub. */
const dockerHub = 'https://index.docker.io/v1/';
const dockerHubHosts = ['docker.io', 'index.docker.io', 'registry-1.docker.io'];

/**
 * Reads a docker or podman file. A malformed entry fails for its registry alone, a malformed file as a whole.
 *
 * @throws {RegistryError} `ERR_REGISTRY_UNAUTHORIZED`
 */
export function parseDockerConfig(bytes: Uint8Array, where: string): DockerConfig {
  const document = parse(bytes, where);
  const auths = member(document, 'auths', where);
  const helpers = member(document, 'credHelpers', where);
  const store = document['credsStore'];
  if (store !== undefined && typeof store !== 'string') throw unusable(where, 'credsStore is no text');
  const entry = (registry: string, repository?: string): Credential | undefined => {
    const key = keyOf(auths, registry, repository);
    return key === undefined ? undefined : parseEntry(auths[key], `${where}: auths[${quote(key)}]`);
  };
  return {
    entry,
    find(registry) {
      const own = helpers[keyName(registry)];
      if (own !== undefined && typeof own !== 'string')
        throw unusable(where, `credHelpers[${quote(registry)}] is no text`);
      // An empty text switches back from the store to the file.
      const suffix = own ?? store ?? '';
      if (suffix !== '') return { kind: 'helper', suffix };
      const credential = entry(registry);
      return credential === undefined ? { kind: 'none' } : { kind: 'credential', credential };
    },
  };
}

function keyName(registry: string): string {
  return dockerHubHosts.includes(registry) ? dockerHub : registry;
}

/** What a helper or the file is asked for. */
export { keyName as serverNameOf };

/** Exact keys first, then keys that are URLs or paths of the very same host; a host never matches by its beginning (threats H18). */
function keyOf(auths: JsonObject, registry: string, repository?: string): string | undefined {
  const name = keyName(registry);
  if (repository !== undefined) {
    const parts = repository.split('/');
    for (let length = parts.length; length > 0; length--) {
      const key = `${registry}/${parts.slice(0, length).join('/')}`;
      if (Object.hasOwn(auths, key)) return key;
    }
  }
  if (Object.hasOwn(auths, name)) return name;
  if (name === dockerHub) return undefined;
  return Object.keys(auths).find(
    (key) => /^https?:\/\//.test(key) && key.replace(/^https?:\/\//, '').split('/')[0] === name,
  );
}

function parse(bytes: Uint8Array, where: string): JsonObject {
  let document: JsonValue;
  try {
    if (decodeUtf8(bytes).trim() === '') return Object.create(null) as JsonObject;
    document = parseJson(bytes, { maxDepth: 32 });
  } catch (cause) {
    throw unusable(where, 'it is not JSON', cause);
  }
  if (!isJsonObject(document)) throw unusable(where, 'it is no object');
  return document;
}

function member(document: JsonObject, name: string, where: string): JsonObject {
  const value = document[name];
  if (value === undefined || value === null) return Object.create(null) as JsonObject;
  if (!isJsonObject(value)) throw unusable(where, `${name} is no object`);
  return value;
}

function parseEntry(value: JsonValue | undefined, where: string): Credential | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isJsonObject(value)) throw unusable(where, 'it is no object');
  const text = (name: string): string | undefined => {
    const found = value[name];
    if (found !== undefined && typeof found !== 'string') throw unusable(where, `${name} is no text`);
    return found === '' ? undefined : found;
  };
  const auth = text('auth');
  const [username, password] = auth === undefined ? [text('username'), text('password')] : decodeAuth(auth, where);
  const credential = compact({
    username,
    password,
    refreshToken: text('identitytoken'),
    accessToken: text('registrytoken'),
  });
  return Object.keys(credential).length === 0 ? undefined : credential;
}

function compact(members: Readonly<Record<string, string | undefined>>): Credential {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Credential;
}

function decodeAuth(auth: string, where: string): [string, string] {
  let text: string;
  try {
    text = decodeUtf8(decodeBase64(auth));
  } catch (cause) {
    throw unusable(where, 'auth is not base64', cause);
  }
  const colon = text.indexOf(':');
  if (colon < 0) throw unusable(where, 'auth holds no "user:password"');
  return [text.slice(0, colon), text.slice(colon + 1).replace(/\u0000+$/, '')];
}

function unusable(where: string, why: string, cause?: unknown): RegistryError {
  // The cause of a parser may quote the input, and the input holds secrets: only its code is kept.
  const reason = cause === undefined ? '' : ` (${(cause as { code?: string }).code ?? 'unreadable'})`;
  return new RegistryError('ERR_REGISTRY_UNAUTHORIZED', `cannot use ${where}: ${why}${reason}`);
}
