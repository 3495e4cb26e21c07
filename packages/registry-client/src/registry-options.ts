import type { Fetch, Logger } from '@notarykit/common/internal';
import type { ConnectionOptions } from './connection.js';
import type { Credential, CredentialProvider } from './credential.js';
import type { ReferrersMode, RegistryLimits } from './endpoints/context.js';
import type { RetryOptions } from './http/retry.js';
import type { Timeouts } from './http/timeouts.js';
import type { Concurrency } from './pipeline.js';
import type { OnProgress } from './progress.js';

/** Options of {@link createRegistry}. Everything here belongs to the endpoint alone and is shared with no other. */
export interface RegistryOptions {
  /** Host, with port where there is one: `registry.example.com`, `localhost:5000`. No scheme, no path. */
  readonly registry: string;
  /** Credentials, or where to get them when the registry first asks. Default anonymous. */
  readonly credentials?: Credential | CredentialProvider;
  /** The transport, such as one of `createTransport` that other clients share. Default: its own, with `connection`. */
  readonly fetch?: Fetch;
  /** How the default transport connects (Node). */
  readonly connection?: ConnectionOptions;
  /** Talk http instead of https. Default: only with this machine itself. */
  readonly plainHttp?: boolean;
  /** Hosts whose token services may receive the credentials, besides the registry itself. Default: any public https host. */
  readonly realmHosts?: readonly string[];
  /**
   * The registry is a gateway whose challenges name another repository than the one that is asked for, the one behind it: a token for
   * what they name is asked for, with no more rights than the request needs. Default false: a registry cannot make us ask for a token
   * for something else.
   */
  readonly foreignScopes?: boolean;
  /** Other hosts that uploads may be sent to, always without credentials. Default: any public https host; `[]` for none. */
  readonly uploadHosts?: readonly string[];
  /** Path of the API on the host, without a slash at its end: for registries behind a path of a proxy. Default `/v2`. */
  readonly apiPath?: string;
  /**
   * The registry is a proxy of this one, which each request to a repository then names (`ns`, distribution-spec "Registry Proxying").
   * Default none.
   */
  readonly upstream?: string;
  /** Headers for each request to the registry itself; never sent to another origin. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeouts?: Timeouts;
  readonly retry?: RetryOptions;
  readonly concurrency?: Concurrency;
  readonly limits?: RegistryLimits;
  /** How referrers are listed and kept. Default `auto`. */
  readonly referrers?: ReferrersMode;
  /** If the registry does not support the referrers API, also ask for the listing that ORAS had before OCI 1.1; read, never written. Default false. */
  readonly legacyReferrers?: boolean;
  /**
   * In browsers: the registry exposes `Link` to pages of other origins (`Access-Control-Expose-Headers`), so that a list without one is whole.
   * Default: found out, and where that cannot be, a list ends in `ERR_REGISTRY_HEADER_HIDDEN`.
   */
  readonly exposesLink?: boolean;
  /** Bytes of a chunk in chunked pushes; less where the registry finds it too large. Default 16 MiB. */
  readonly chunkSize?: number;
  /**
   * Send all blobs in chunks. Default: in one request, and in chunks where the registry finds that one too large.
   */
  readonly chunked?: boolean;
  readonly onProgress?: OnProgress;
  /** Told each warning of the registry once. */
  readonly onWarning?: (text: string) => void;
  readonly logger?: Logger;
}
