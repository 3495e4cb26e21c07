import { rootCertificates } from 'node:tls';
import { defined } from '@notarykit/common/internal';
import {
  canonicalRepository,
  type MirroredRepositoryOptions,
  mirroredRepository,
  type Repository,
  type TagLister,
} from '@notarykit/oci/internal';
import { type ConnectionOptions, currentOptions } from '../../connection.js';
import type { Credential, CredentialProvider } from '../../credential.js';
import { isLoopbackHost } from '../../http/address.js';
import { createRegistry } from '../../registry.js';
import type { RegistryOptions } from '../../registry-options.js';
import type { RegistryRepository } from '../../repository.js';
import type { MirrorConfiguration, PullSource } from './pull-sources.js';
import { misconfigured } from './toml-table.js';

/** Options of {@link openMirrored}. */
export interface OpenMirroredOptions extends MirroredRepositoryOptions {
  /** The account of each place, asked for once per place and sent to no other. Default anonymous. */
  readonly credentials?: (place: PullSource) => Credential | CredentialProvider | undefined;
  /** Plain http to other machines, to all or by place, where the configuration has `insecure = true` or a URL of http. Default false. */
  readonly allowInsecure?: boolean | ((place: PullSource) => boolean);
  /**
   * Plain http to the place that answers for the registry, where the configuration does not say how it is reached. It never applies to
   * mirrors. Another machine needs {@link OpenMirroredOptions.allowInsecure} as well. Default: plain http to this machine only.
   */
  readonly plainHttp?: boolean | ((origin: PullSource) => boolean);
  /** How each place is reached. A client certificate belongs to one place, and comes only from the configuration. */
  readonly endpoint?: Pick<
    RegistryOptions,
    'timeouts' | 'retry' | 'concurrency' | 'limits' | 'logger' | 'onWarning'
  > & {
    readonly connection?: Omit<
      ConnectionOptions,
      'clientCertificate' | 'cert' | 'key' | 'certificateHosts' | 'servername'
    >;
  };
}

/**
 * A repository as its users pull it: under its own name, through the mirrors that a configuration names for it. What is asked of mirrors is
 * the same as for `mirroredRepository`: content by digest, and no tag. Where the configuration has the registry at another place
 * (`location`, `server`), that place answers for it, and trust policies are still about the name.
 *
 * @throws {RegistryError} `ERR_REGISTRY_CONFIGURATION`, `ERR_REGISTRY_BLOCKED`
 * @throws {OciError} `ERR_OCI_INVALID` for a name that is not the name of a repository
 *
 * @example
 * ```ts
 * const repository = await openMirrored('registry.example.com/net-monitor', registriesConf(), {
 *   credentials: ({ repository }) => dockerCredentials({ repository }),
 * });
 * await verify(repository, 'v1', trust);
 * ```
 */
export async function openMirrored(
  repository: string,
  configuration: MirrorConfiguration,
  options: OpenMirroredOptions = {},
): Promise<Repository & TagLister> {
  const name = canonicalRepository(repository);
  const { origin, mirrors } = await configuration.sourcesOf(repository);
  const named: RegistryRepository = { ...openPlace(withPlainHttp(origin, options), options), name };
  const opened = mirrors.map((place) => withAbilities(openPlace(place, options), place));
  const { tags } = named;
  return { ...mirroredRepository(named, opened, options), tags };
}

function openPlace(place: PullSource, options: OpenMirroredOptions): RegistryRepository {
  const { registry, repository, apiPath, upstream, headers } = place;
  const credentials = options.credentials?.(place);
  return createRegistry({
    ...options.endpoint,
    connection: connectionOf(place, options.endpoint?.connection),
    registry,
    plainHttp: isPlain(place, options),
    ...defined({ credentials, apiPath, upstream, headers }),
  }).repository(repository);
}

/** What the configuration says goes before the option. */
function withPlainHttp(origin: PullSource, { plainHttp }: OpenMirroredOptions): PullSource {
  return isYes(plainHttp, origin) ? { plainHttp: 'required', ...origin } : origin;
}

/** Plain http to this machine itself needs no permission, unless a certificate is given for it. */
function isPlain(place: PullSource, options: OpenMirroredOptions): boolean {
  const { registry, plainHttp, authorities, clientCertificate } = place;
  const allowInsecure = isYes(options.allowInsecure, place);
  const host = registry.replace(/:\d+$/, '');
  if (plainHttp === 'never') return false;
  if (plainHttp === undefined) return isLoopbackHost(host) && (authorities ?? clientCertificate) === undefined;
  if (isLoopbackHost(host) || allowInsecure) return true;
  if (plainHttp === 'allowed') return false;
  throw misconfigured(`http://${registry}`, 'plain http to another machine needs "allowInsecure"');
}

/** Only `true` is a yes: an answer such as a promise is not. */
function isYes(option: OpenMirroredOptions['allowInsecure' | 'plainHttp'], place: PullSource): boolean {
  return (typeof option === 'function' ? option(place) : option) === true;
}

/** The type refuses a client certificate in the caller's options; without types it is dropped, since every place would see it. */
function connectionOf(place: PullSource, connection: ConnectionOptions = {}): ConnectionOptions {
  const {
    clientCertificate: _certificate,
    servername: _name,
    ca = rootCertificates,
    ...rest
  } = currentOptions(connection);
  const { authorities, clientCertificate } = place;
  const trusted = typeof ca === 'string' || ca instanceof Uint8Array ? [ca] : ca;
  return {
    ...rest,
    ...(connection.ca === undefined ? {} : { ca }),
    ...(authorities === undefined ? {} : { ca: [...trusted, ...authorities] }),
    ...defined({ clientCertificate }),
  };
}

function withAbilities(repository: RegistryRepository, { withoutReferrers }: PullSource): Repository {
  return withoutReferrers === true ? { ...repository, referrers: noReferrers } : repository;
}

async function* noReferrers(): AsyncGenerator<never, void, void> {}
