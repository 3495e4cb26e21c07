import type http from 'node:http';
import type { LookupFunction } from 'node:net';
import type { ConnectionOptions as SecureOptions } from 'node:tls';
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
export function createAgents(options: ConnectionOptions, origin?: string): (url: URL) => Route {
  const { ca, cert, key, servername, certificateHosts = [], maxSockets = 64 } = options;
  const lookup = lookupOf(options);
  const shared = { keepAlive: true, maxSockets, ...(lookup === undefined ? {} : { lookup }) };
  const trusting = ca === undefined ? {} : { ca: (Array.isArray(ca) ? ca : [ca]).map(pem) };
  const named = {
    ...trusting,
    ...(cert === undefined ? {} : { cert: pem(cert) }),
    ...(key === undefined ? {} : { key: pem(key) }),
  };
  // The client certificate names the caller: a registry that redirects decides where to, not who else learns that.
  const identities: Readonly<Record<Peer, SecureOptions>> = {
    registry: { ...named, ...(servername === undefined ? {} : { servername }) },
    listed: named,
    stranger: trusting,
  };
  const peerOf = (url: URL): Peer => {
    if (url.origin === origin) return 'registry';
    return certificateHosts.includes(url.host) || certificateHosts.includes(url.hostname) ? 'listed' : 'stranger';
  };
  const plain = plainAgent(shared);
  const secure = agentsFor((peer) => secureAgent({ ...shared, ...identities[peer] }));
  const proxy = createProxy(options, (url) => [peerOf(url), identities[peerOf(url)]]);
  return (url) => proxy?.(url) ?? { agent: url.protocol === 'https:' ? secure(peerOf(url)) : plain };
}

/** Who is spoken to: the registry itself, a host that may see the client certificate, or anybody else. */
type Peer = 'registry' | 'listed' | 'stranger';

/** Each made when it is first needed. */
function agentsFor(create: (peer: Peer) => http.Agent): (peer: Peer) => http.Agent {
  const agents = new Map<Peer, http.Agent>();
  return (peer) => {
    const agent = agents.get(peer) ?? create(peer);
    agents.set(peer, agent);
    return agent;
  };
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
