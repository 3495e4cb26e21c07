import type http from 'node:http';
import type { LookupFunction } from 'node:net';
import type { ConnectionOptions } from './options.js';
import { createProxy, type Proxied } from './proxy.node.js';
import { plainAgent, secureAgent } from './sockets.node.js';

/** How one URL is reached. */
export interface Route {
  readonly agent: http.Agent;
  /** Set when a plain request goes to a proxy: where it is sent instead. */
  readonly proxied?: Proxied;
}

/** Agents of one endpoint: its certificates, its addresses and its proxy, shared with nobody. */
export function createAgents(options: ConnectionOptions): (url: URL) => Route {
  const { ca, cert, key, servername, maxSockets = 64 } = options;
  const lookup = lookupOf(options);
  const shared = { keepAlive: true, maxSockets, ...(lookup === undefined ? {} : { lookup }) };
  const tls = {
    ...(ca === undefined ? {} : { ca: (Array.isArray(ca) ? ca : [ca]).map(pem) }),
    ...(cert === undefined ? {} : { cert: pem(cert) }),
    ...(key === undefined ? {} : { key: pem(key) }),
    ...(servername === undefined ? {} : { servername }),
  };
  const plain = plainAgent(shared);
  const secure = secureAgent({ ...shared, ...tls });
  const proxy = createProxy(options, tls);
  return (url) => proxy?.(url) ?? { agent: url.protocol === 'https:' ? secure : plain };
}

function pem(value: string | Uint8Array): string | Buffer {
  return typeof value === 'string' ? value : Buffer.from(value);
}

function lookupOf({ resolve, lookup }: ConnectionOptions): LookupFunction | undefined {
  if (resolve === undefined) return lookup as LookupFunction | undefined;
  return (hostname, options, callback) => {
    const port = (options as { port?: number | string }).port;
    const address = resolve[`${hostname}:${port}`] ?? resolve[hostname];
    if (address === undefined) {
      fallback(lookup, hostname, options, callback);
      return;
    }
    const family = address.includes(':') ? 6 : 4;
    if (options.all === true) callback(null, [{ address, family }]);
    else callback(null, address, family);
  };
}

function fallback(
  lookup: ConnectionOptions['lookup'],
  ...[hostname, options, callback]: Parameters<LookupFunction>
): void {
  if (lookup !== undefined) lookup(hostname, options, callback as never);
  else void import('node:dns').then(({ lookup: system }) => system(hostname, options as never, callback as never));
}
