import type { Fetch } from '@notarykit/common/internal';
import { TransportError } from './errors.js';
import type { Endpoint, TransportOptions } from './options.js';
import type { TransportPlatform } from './platform.js';

/** What browsers and workers do. */
export const platform: TransportPlatform = { streamsUploads: false, decodes: true, hidesHeaders: true };

/** There are no such options on this platform. */
export const secretsOfTransport: (options: TransportOptions) => readonly string[] = () => [];

/** The platform's own fetch. */
export function createTransport(options: TransportOptions = {}, endpoint?: Endpoint): Fetch {
  if (Object.keys(options).length > 0 || endpoint?.servername !== undefined) {
    throw new TransportError(
      'ERR_TRANSPORT_UNSUPPORTED',
      'connection options (CA, client certificate, proxy, DNS) need Node; this platform connects by its own rules',
    );
  }
  return async (url, init) => {
    if (typeof globalThis.fetch !== 'function')
      throw new TransportError('ERR_TRANSPORT_UNSUPPORTED', 'expected a platform with fetch: give the client one');
    return (await globalThis.fetch(url, init as RequestInit)) as Awaited<ReturnType<Fetch>>;
  };
}
