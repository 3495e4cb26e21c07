import { type CallOptions, describeKind, memoized, secretsOfFetch } from '@notarykit/common/internal';
import { checkRepositoryName, OciError } from '@notarykit/oci/internal';
import { secretsOfTransport } from '@notarykit/transport/internal';
import { connect, currentOptions } from './connection.js';
import type { CredentialProvider } from './credential.js';
import { listRepositories, type RepositoriesOptions } from './endpoints/catalog.js';
import type { RepositoryContext } from './endpoints/context.js';
import { RegistryError } from './errors.js';
import { nextPause, type RetryOptions, retryDefaults } from './http/retry.js';
import { timeoutDefaults } from './http/timeouts.js';
import { nameOf } from './http/url.js';
import { createPipeline } from './pipeline.js';
import { checkApiPath, originOf, pathOf } from './registry-host.js';
import type { RegistryOptions } from './registry-options.js';
import { createRepository, type RegistryRepository } from './repository.js';
import { createBorder } from './secrets/border.js';
import { createSecrets, secretsOfHeaders } from './secrets/known.js';
import { sourceOf } from './source-name.js';

/** Repositories that an endpoint keeps, with what it learnt about each; names come from outside. */
const maxRepositories = 1_000;

/** One registry as seen by one account. */
export interface RegistryEndpoint {
  readonly registry: string;
  /** A repository of this registry. @throws {OciError} `ERR_OCI_INVALID` for an invalid name */
  repository(name: string): RegistryRepository;
  /**
   * The names of the repositories, by `/v2/_catalog`: what the account may see of them, and only where the registry has such a list.
   *
   * @throws {RegistryError} `ERR_REGISTRY_TOO_MANY_PAGES`; `detail.status` 404 and the like where there is none
   * @throws {OciError} `ERR_OCI_INVALID` for a name in the list that is not valid
   */
  repositories(options?: RepositoriesOptions): AsyncIterable<string>;
  /** Asks `/v2/`: whether there is a registry and the credentials are good. */
  ping(options?: CallOptions): Promise<void>;
  /** Forgets tokens and credentials. */
  signOut(): void;
}

/** A caller without types may give the host alone. */
function checkGiven(options: unknown): void {
  if (typeof options === 'object' && options !== null) return;
  const message = `expected options such as { registry: 'localhost:5000' }, found ${describeKind(options)}`;
  throw new OciError('ERR_OCI_INVALID', message);
}

/**
 * A client of one registry, as one account.
 *
 * @throws {OciError} `ERR_OCI_INVALID` for an invalid host
 * @throws {RegistryError} `ERR_REGISTRY_PROTOCOL` for plain http to another machine without `plainHttp`
 *
 * @example
 * ```ts
 * const registry = createRegistry({ registry: 'localhost:5000', credentials: { username: 'wabbit', password: 'carrot' } });
 * const repository = registry.repository('net-monitor');
 * const descriptor = await repository.resolve('v1');
 * for await (const referrer of repository.referrers(descriptor)) console.log(referrer.artifactType, referrer.digest);
 * ```
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md
 */
export function createRegistry(options: RegistryOptions): RegistryEndpoint {
  checkGiven(options);
  const { registry, onProgress } = options;
  const origin = originOf(options);
  const api = `${origin}${checkApiPath(options.apiPath)}`;
  const retry = retryDefaults(options.retry);
  const connection = currentOptions(options.connection);
  const warned = new Set<string>();
  const secrets = createSecrets(() => [
    ...secretsOfHeaders(options.headers ?? {}),
    ...secretsOfTransport(connection),
    ...secretsOfFetch(options.fetch),
  ]);
  const border = createBorder(secrets);
  const logger = border.logger(options.logger);
  const pipeline = createPipeline({
    registry,
    origin,
    fetch: options.fetch ?? connect(connection, origin),
    credentials: providerOf(options.credentials),
    secrets,
    realmHosts: options.realmHosts,
    foreignScopes: options.foreignScopes ?? false,
    headers: checkHeaders(options.headers ?? {}),
    timeouts: timeoutDefaults(options.timeouts),
    retry: options.retry,
    concurrency: options.concurrency ?? {},
    logger,
    onRetry: ({ request, error, waitMs }) =>
      onProgress?.({ type: 'retry', method: request.method, url: nameOf(request), code: error.code, waitMs }),
    onWarning: (said) => {
      const text = border.text(said);
      if (warned.size >= 1000 || warned.has(text)) return;
      warned.add(text);
      logger?.warn?.('the registry warns', { registry, text });
      options.onWarning?.(text);
    },
  });
  const { authorizer } = pipeline;
  const send = border.send(pipeline.send);
  const links = { shown: options.exposesLink ?? false };
  const open = memoized((path) => {
    const context = { ...contextOf(options, path, { origin, api }, send, retry), logger, links };
    return Object.freeze(border.verbs(createRepository(context, endpoint)));
  }, maxRepositories);
  const endpoint: RegistryEndpoint = {
    registry,
    repository(name) {
      checkRepositoryName(name);
      return open(pathOf(registry, name));
    },
    repositories: border.verbs({
      list: (asked: RepositoriesOptions = {}) => {
        const context = contextOf(options, '_catalog', { origin, api }, send, retry);
        return listRepositories({ ...context, logger, links }, asked);
      },
    }).list,
    async ping({ signal } = {}) {
      await send({
        method: 'GET',
        url: `${api}/`,
        kind: 'metadata',
        scopes: [],
        expect: [200],
        limit: 64 * 1024,
        signal,
      });
    },
    signOut: () => authorizer.signOut(),
  };
  return endpoint;
}

function contextOf(
  options: RegistryOptions,
  repository: string,
  { origin, api }: Pick<RepositoryContext, 'origin' | 'api'>,
  send: RepositoryContext['send'],
  retry: Required<RetryOptions>,
): Omit<RepositoryContext, 'links'> {
  const limits = {
    manifestBytes: 4 * 1024 * 1024,
    referrersPages: 100,
    referrers: 10_000,
    tagPages: 1_000,
    tags: 100_000,
    ...options.limits,
  };
  return {
    origin,
    api,
    upstream: options.upstream,
    registry: options.registry,
    repository,
    source: sourceOf(options, origin, repository),
    send,
    limits,
    timeouts: timeoutDefaults(options.timeouts),
    maxRetries: retry.maxRetries,
    uploadHosts: options.uploadHosts,
    referrersMode: options.referrers ?? 'auto',
    legacyReferrers: options.legacyReferrers ?? false,
    logger: options.logger,
    onProgress: options.onProgress,
    chunkSize: options.chunkSize ?? 16 * 1024 * 1024,
    chunked: options.chunked ?? false,
    state: { referrersApiSeen: false, withoutReferrersApiUntil: 0, etagsSeen: false, withoutTagParameters: false },
    retryPause: (attempt, signal) =>
      retry.sleep(
        nextPause(retry, Math.min(attempt, retry.maxRetries - 1), 0, { detail: { retryable: true } }) ?? retry.baseMs,
        signal,
      ),
  };
}

function providerOf(credentials: RegistryOptions['credentials']): CredentialProvider {
  if (credentials !== undefined && 'get' in credentials) return credentials;
  return { get: async () => credentials };
}

/** Header injection ends here (threats H14). Name and value are not repeated: either may be a key that slipped there. */
function checkHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const [i, [name, value]] of Object.entries(headers).entries()) {
    if (/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value)) continue;
    throw new RegistryError(
      'ERR_REGISTRY_PROTOCOL',
      `header ${i + 1} of ${Object.keys(headers).length} cannot be sent: names are tokens, values hold no control characters`,
    );
  }
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
