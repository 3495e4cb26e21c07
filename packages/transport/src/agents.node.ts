import { lookup as systemLookup } from 'node:dns';
import type http from 'node:http';
import type { LookupFunction } from 'node:net';
import type { ConnectionOptions as SecureOptions } from 'node:tls';
import { defined } from '@notarykit/common/internal';
import type { AddressCheck } from './address-check.node.js';
import { TransportError } from './errors.js';
import { fixedLookup } from './fixed-lookup.node.js';
import type { Endpoint, TransportOptions } from './options.js';
import { createProxy } from './proxy.node.js';
import type { Route } from './route.node.js';
import { agentsOf } from './sockets.node.js';

/** Agents of one transport: its certificates, its addresses and its proxy, not shared with any other. */
export function createAgents(
  options: TransportOptions,
  check: AddressCheck,
  endpoint: Partial<Endpoint> = {},
): (url: URL) => Route {
  const { maxSockets = 64 } = options;
  const { plainAgent, secureAgent } = agentsOf(options);
  const shared = { keepAlive: true, maxSockets, ...lookupOf(options, check) };
  const identities = identitiesOf(options, endpoint);
  const peerOf = peers(options, endpoint);
  const plain = plainAgent(shared);
  const secure = agentsFor((peer) => secureAgent({ ...shared, ...identities[peer] }));
  const proxy = createProxy(options, fixedLookup(options), (url) => [peerOf(url), identities[peerOf(url)]]);
  return (url) =>
    proxy?.(url) ?? { agent: url.protocol === 'https:' ? secure(peerOf(url)) : plain, throughProxy: false };
}

/** The server of a URL: the endpoint itself, a host that may see the client certificate, or any other. */
type Peer = 'endpoint' | 'listed' | 'stranger';

// The client certificate names the caller: a redirect must not decide which other servers learn that.
function identitiesOf(
  { ca, clientCertificate }: TransportOptions,
  { servername }: Partial<Endpoint>,
): Readonly<Record<Peer, SecureOptions>> {
  const trusting = ca === undefined ? {} : { ca: (Array.isArray(ca) ? ca : [ca]).map(pem) };
  const named =
    clientCertificate === undefined
      ? trusting
      : { ...trusting, cert: pem(clientCertificate.cert), key: pem(clientCertificate.key) };
  return {
    endpoint: { ...named, ...defined({ servername }) },
    listed: named,
    stranger: trusting,
  };
}

function peers({ clientCertificate }: TransportOptions, { origin }: Partial<Endpoint>): (url: URL) => Peer {
  const hosts = new Set((clientCertificate?.hosts ?? []).map((host) => host.toLowerCase()));
  if (clientCertificate !== undefined && hosts.size === 0 && origin === undefined)
    throw new TransportError(
      'ERR_TRANSPORT_UNSUPPORTED',
      'clientCertificate: expected the "hosts" that it is shown to, found none',
    );
  return (url) => {
    if (url.origin === origin) return 'endpoint';
    // A URL leaves the default port of https out; no other protocol shows a certificate.
    const withPort = `${url.hostname}:${url.port || 443}`;
    return hosts.has(withPort) || hosts.has(url.hostname) ? 'listed' : 'stranger';
  };
}

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

/** Empty where the platform's own look-up is enough. */
function lookupOf(options: TransportOptions, check: AddressCheck): { readonly lookup?: LookupFunction } {
  const { addresses, lookup, resolve } = options;
  if (addresses === undefined && lookup === undefined && resolve === undefined) return {};
  return { lookup: check.lookup(fixedLookup(options, (lookup ?? systemLookup) as LookupFunction)) };
}
