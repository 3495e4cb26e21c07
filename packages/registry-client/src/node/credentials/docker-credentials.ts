import { homedir, platform } from 'node:os';
import { join } from 'node:path';
import { defined, singleFlight, utf8 } from '@notarykit/common/internal';
import type { Credential, CredentialProvider } from '../../credential.js';
import { readSmallFile } from '../small-file.js';
import { type Reading, serverNameOf } from './config-keys.js';
import { type DockerConfig, parseDockerConfig } from './docker-config.js';
import { askHelper } from './helper.js';

/** Options of {@link dockerCredentials}. */
export interface DockerCredentialsOptions {
  /** One file instead of the usual places; read as docker reads it, with `podman` as podman does. */
  readonly configFile?: string;
  /** Look at `REGISTRY_AUTH_FILE` first, as podman does. Default false. */
  readonly podman?: boolean;
  /** The repository that the account is for: podman's files know accounts of single namespaces. */
  readonly repository?: string;
  /** Environment that is read and handed to helpers. Default: that of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** How long a helper may take, in milliseconds. Default 30,000. */
  readonly helperTimeoutMs?: number;
}

/**
 * The accounts that docker and podman know: `DOCKER_AUTH_CONFIG`, docker's `config.json` with its credential helpers, then podman's
 * `auth.json`. The first that knows the registry wins; nothing is read before a registry asks for credentials.
 * `get` rejects with a `RegistryError` `ERR_REGISTRY_UNAUTHORIZED` for a malformed file, and for a helper that fails or takes longer than
 * `helperTimeoutMs`.
 *
 * @example
 * ```ts
 * const registry = createRegistry({ registry: 'registry.example.com', credentials: dockerCredentials() });
 * ```
 */
export function dockerCredentials(options: DockerCredentialsOptions = {}): CredentialProvider {
  const found = new Map<string, Credential | undefined>();
  const flights = singleFlight<Credential | undefined>();
  return {
    async get({ registry, signal, refused }) {
      signal?.throwIfAborted();
      // What was refused has ended: the files and helpers are asked anew, unless that was done meanwhile.
      const known = found.get(registry);
      if (found.has(registry) && (refused === undefined || known !== refused)) return known;
      const work = async (): Promise<Credential | undefined> => {
        const credential = await search(registry, options);
        found.set(registry, credential);
        return credential;
      };
      return await flights(registry, work, defined({ signal }));
    },
  };
}

async function search(registry: string, options: DockerCredentialsOptions): Promise<Credential | undefined> {
  const env = options.env ?? process.env;
  const inline = env['DOCKER_AUTH_CONFIG'];
  if (inline !== undefined && options.configFile === undefined) {
    const credential = parseDockerConfig(utf8(inline), 'DOCKER_AUTH_CONFIG').entry(registry, options.repository);
    if (credential !== undefined) return credential;
  }
  for (const path of paths(options, env)) {
    const config = await readConfig(path, readingOf(path, options));
    const credential = config === undefined ? undefined : await ask(config, registry, options);
    if (credential !== undefined) return credential;
  }
  return undefined;
}

/** Files of podman are read as podman reads them; it also knows namespaces in docker's file. */
function readingOf(path: string, { configFile, podman, repository }: DockerCredentialsOptions): Reading {
  const isPodmans = configFile === undefined ? !path.endsWith('config.json') : podman === true;
  return isPodmans || repository !== undefined ? 'podman' : 'docker';
}

async function ask(
  config: DockerConfig,
  registry: string,
  options: DockerCredentialsOptions,
): Promise<Credential | undefined> {
  const answer = config.find(registry);
  if (answer.kind === 'helper') {
    const { env, helperTimeoutMs: timeoutMs } = options;
    const helped = await askHelper(answer.suffix, serverNameOf(registry), {
      ...defined({ env, timeoutMs }),
    });
    // A helper that knows nothing does not end the search: CI jobs add entries by hand below a store.
    return helped ?? config.entry(registry, options.repository);
  }
  return config.entry(registry, options.repository);
}

function paths(
  options: DockerCredentialsOptions,
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  if (options.configFile !== undefined) return [options.configFile];
  const home = env['HOME'] ?? homedir();
  const configHome = env['XDG_CONFIG_HOME'] ?? join(home, '.config');
  const registryAuth = options.podman === true ? env['REGISTRY_AUTH_FILE'] : undefined;
  return [
    ...(registryAuth === undefined ? [] : [registryAuth]),
    dockerConfigFile(env),
    ...runtimeFile(env),
    join(configHome, 'containers', 'auth.json'),
  ];
}

/** Docker's own file. */
export function dockerConfigFile(env: Readonly<Record<string, string | undefined>>): string {
  return join(env['DOCKER_CONFIG'] ?? join(env['HOME'] ?? homedir(), '.docker'), 'config.json');
}

function runtimeFile(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  if (platform() !== 'linux') return [];
  const folder = env['XDG_RUNTIME_DIR'] ?? `/run/containers/${process.getuid?.() ?? 0}`;
  return [
    join(folder, 'containers', 'auth.json'),
    ...(env['XDG_RUNTIME_DIR'] === undefined ? [join(folder, 'auth.json')] : []),
  ];
}

async function readConfig(path: string, reading: Reading): Promise<DockerConfig | undefined> {
  const bytes = await readSmallFile(path, 'ERR_REGISTRY_UNAUTHORIZED');
  return bytes === undefined ? undefined : parseDockerConfig(bytes, path, reading);
}
