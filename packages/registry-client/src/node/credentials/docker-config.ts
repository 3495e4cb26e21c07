import {
  decodeUtf8,
  describeKind,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseJson,
  quote,
} from '@notarykit/common/internal';
import type { Credential } from '../../credential.js';
import { RegistryError } from '../../errors.js';
import { memberOf, misspelt, parseEntry, type Unusable } from './config-entry.js';
import { keysOf, type Reading, serverNameOf } from './config-keys.js';

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

/**
 * Reads a docker or podman file as its program reads it. A malformed entry fails for its registry alone, a malformed file as a whole;
 * where a file has several accounts for a registry, of which the program takes any, none is chosen.
 *
 * @throws {RegistryError} `ERR_REGISTRY_UNAUTHORIZED`
 *
 * @see https://github.com/docker/cli/blob/master/cli/config/credentials/file_store.go
 * @see https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md
 */
export function parseDockerConfig(bytes: Uint8Array, where: string, reading: Reading = 'docker'): DockerConfig {
  const document = parseConfigFile(bytes, where);
  const fail: Unusable = (why, cause) => unusable(where, why, cause);
  const auths = objectOf(document, 'auths', fail);
  const helpers = objectOf(document, 'credHelpers', fail);
  const store = memberOf(document, 'credsStore', fail) ?? '';
  if (typeof store !== 'string') throw fail(`credsStore: expected a string, found ${describeKind(store)}`);
  const entry = (registry: string, repository?: string): Credential | undefined => {
    const found = keysOf(auths, registry, reading, repository).map((key) =>
      parseEntry(auths[key], reading, (why, cause) => unusable(`${where}: auths[${quote(key)}]`, why, cause)),
    );
    if (new Set(found.map((each) => JSON.stringify(each))).size > 1)
      throw fail(`it has several accounts for ${quote(registry)}`);
    return found[0];
  };
  return {
    entry,
    find(registry) {
      const answer = find(registry, { helpers, store, entry, fail });
      if (answer.kind === 'none') misspelt(document, ['auths', 'credHelpers', 'credsStore'], fail);
      return answer;
    },
  };
}

interface Parts {
  readonly helpers: JsonObject;
  readonly store: string;
  readonly entry: (registry: string) => Credential | undefined;
  readonly fail: Unusable;
}

function find(registry: string, { helpers, store, entry, fail }: Parts): ConfigAnswer {
  const own = helpers[serverNameOf(registry)];
  if (own !== undefined && typeof own !== 'string')
    throw fail(`credHelpers[${quote(registry)}]: expected a string, found ${describeKind(own)}`);
  // An empty text switches back from the store to the file.
  const suffix = own ?? store;
  if (suffix !== '') return { kind: 'helper', suffix };
  const credential = entry(registry);
  return credential === undefined ? { kind: 'none' } : { kind: 'credential', credential };
}

/** The document of a docker or podman file; an empty object for an empty file. @throws {RegistryError} `ERR_REGISTRY_UNAUTHORIZED` */
export function parseConfigFile(bytes: Uint8Array, where: string): JsonObject {
  let document: JsonValue;
  try {
    if (decodeUtf8(bytes).trim() === '') return Object.create(null) as JsonObject;
    document = parseJson(bytes, { maxDepth: 32 });
  } catch (cause) {
    throw unusable(where, 'it is not JSON', cause);
  }
  if (!isJsonObject(document)) throw unusable(where, 'it is not an object');
  return document;
}

/** An object in the file; an empty one where there is none. */
export function objectOf(document: JsonObject, name: string, fail: Unusable): JsonObject {
  const value = memberOf(document, name, fail);
  if (value === undefined || value === null) return Object.create(null) as JsonObject;
  if (!isJsonObject(value)) throw fail(`${name} is not an object`);
  return value;
}

/** The error for a file, without its content. */
export function unusable(where: string, why: string, cause?: unknown): RegistryError {
  // The cause of a parser may quote the input, and the input holds secrets: only its code is kept.
  const reason = cause === undefined ? '' : ` (${(cause as { code?: string }).code ?? 'unreadable'})`;
  return new RegistryError('ERR_REGISTRY_UNAUTHORIZED', `cannot use ${where}: ${why}${reason}`);
}
