import type { ClientCertificate } from '@notarykit/transport/internal';

/** One place that a repository is pulled from, as a configuration file describes it. */
export interface PullSource {
  /** Host, with port where there is one. */
  readonly registry: string;
  readonly repository: string;
  /** Path of the API on the host, where it is not `/v2`. */
  readonly apiPath?: string;
  /** The registry that this one is a proxy of (`ns` in the query). */
  readonly upstream?: string;
  /**
   * Plain http in the configuration: `allowed` by `insecure = true`, `required` by a URL of http, `never` by one of https. Absent where it
   * says nothing: then only this machine itself is asked over plain http.
   */
  readonly plainHttp?: 'allowed' | 'required' | 'never';
  /** Authorities of TLS servers, PEM, in addition to those that are trusted for every place. */
  readonly authorities?: readonly string[];
  /** Sent only to this place. */
  readonly clientCertificate?: Pick<ClientCertificate, 'cert' | 'key'>;
  readonly headers?: Readonly<Record<string, string>>;
  /** It does not list referrers; only for mirrors. */
  readonly withoutReferrers?: boolean;
}

/** Where a repository is pulled from. */
export interface PullSources {
  /** Resolves tags, is always asked for referrers, and has the content that no mirror has. */
  readonly origin: PullSource;
  /** Asked for content by digest, in this order, before the origin. */
  readonly mirrors: readonly PullSource[];
}

/** A configuration of mirrors, read from the files of another program. */
export interface MirrorConfiguration {
  /**
   * Where a repository such as `registry.example.com/net-monitor` is pulled from. The files are read anew for each call.
   *
   * @throws {RegistryError} `ERR_REGISTRY_CONFIGURATION` for a file that cannot be read or used, `ERR_REGISTRY_BLOCKED` where a file blocks
   * the repository
   */
  sourcesOf(repository: string): Promise<PullSources>;
}
