import { type Fetch, isCodedError } from '@notarykit/common';
import { createTransport, type TransportOptions } from '@notarykit/transport';
import { RegistryError } from './errors.js';

/** How an endpoint connects: each has its own. The client certificate is shown to the registry's own origin, and to its `hosts`. */
export interface ConnectionOptions extends TransportOptions {
  /** Name to check the registry's certificate against, when it differs from the host. */
  readonly servername?: string;
}

/**
 * The transport of one registry.
 *
 * @throws {RegistryError} `ERR_REGISTRY_UNSUPPORTED` where the platform has no such options
 */
export function connect({ servername, ...options }: ConnectionOptions = {}, origin: string): Fetch {
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
