import { defined, type Fetch, isCodedError } from '@notarykit/common/internal';
import { createTransport, type TransportOptions } from '@notarykit/transport/internal';
import { RegistryError } from './errors.js';

/** How an endpoint connects: each has its own. The client certificate is shown to the registry's own origin, and to its `hosts`. */
export interface ConnectionOptions extends TransportOptions {
  /** Name to check the registry's certificate against, when it differs from the host. */
  readonly servername?: string;
  /** @deprecated Use `clientCertificate.cert`. */
  readonly cert?: string | Uint8Array;
  /** @deprecated Use `clientCertificate.key`. */
  readonly key?: string | Uint8Array;
  /** @deprecated Use `clientCertificate.hosts`. */
  readonly certificateHosts?: readonly string[];
}

/**
 * The options without their deprecated names.
 *
 * @throws {RegistryError} `ERR_REGISTRY_CONFIGURATION` for a certificate without its key, or one under both names
 */
export function currentOptions(
  given: ConnectionOptions = {},
): Omit<ConnectionOptions, 'cert' | 'key' | 'certificateHosts'> {
  const { cert, key, certificateHosts: hosts, ...options } = given;
  if ((cert ?? key ?? hosts) === undefined) return options;
  if (cert === undefined || key === undefined || options.clientCertificate !== undefined)
    throw new RegistryError(
      'ERR_REGISTRY_CONFIGURATION',
      'connection: expected "clientCertificate", or both "cert" and "key", found another combination',
    );
  return { ...options, clientCertificate: { cert, key, ...defined({ hosts }) } };
}

/**
 * The transport of one registry.
 *
 * @throws {RegistryError} `ERR_REGISTRY_UNSUPPORTED` where the platform has no such options
 */
export function connect({ servername, ...options }: ReturnType<typeof currentOptions>, origin: string): Fetch {
  try {
    return createTransport(options, { origin, servername });
  } catch (cause) {
    throw isCodedError(cause) ? unsupported(cause) : cause;
  }
}

/** What a transport cannot do, as an error of the registry. */
export function unsupported(cause: Error): RegistryError {
  return new RegistryError('ERR_REGISTRY_UNSUPPORTED', cause.message, { cause });
}
