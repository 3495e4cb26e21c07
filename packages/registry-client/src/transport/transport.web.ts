import type { Fetch } from '@notarykit/common';
import { RegistryError } from '../errors.js';
import type { ConnectionOptions } from './options.js';

/** The platform's own fetch; where there is none, that of cross-fetch. */
export function createTransport(options: ConnectionOptions = {}): Fetch {
  if (Object.keys(options).length > 0) {
    throw new RegistryError(
      'ERR_REGISTRY_UNSUPPORTED',
      'connection options (CA, client certificate, proxy, DNS) need Node; this platform connects by its own rules',
    );
  }
  return async (url, init) => {
    const platform = globalThis.fetch ?? (await import('cross-fetch')).fetch;
    return (await platform(url, init as RequestInit)) as Awaited<ReturnType<Fetch>>;
  };
}
