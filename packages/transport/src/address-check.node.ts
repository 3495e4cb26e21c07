import type { LookupFunction } from 'node:net';
import { type AddressKind, type AddressRules, addressKind, isAllowedAddress, quote } from '@notarykit/common/internal';
import { TransportError } from './errors.js';
import { bypassesProxy } from './no-proxy.js';
import type { TransportOptions } from './options.js';

/** Checks a URL before anything is sent, and what its name resolves to when it is connected to. */
export interface AddressCheck {
  /** @throws {TransportError} `ERR_TRANSPORT_ADDRESS` */
  url(url: URL, proxied: boolean): void;
  lookup(lookup: LookupFunction): LookupFunction;
}

/** The check that the options ask for. */
export function addressCheck({ addresses, onlyHosts }: TransportOptions): AddressCheck {
  return {
    url(url, proxied) {
      if (onlyHosts !== undefined && !bypassesProxy(url, onlyHosts))
        throw refusal(url.hostname, 'one of the hosts of the option "onlyHosts"', 'another one');
      if (addresses === undefined) return;
      const kind = addressKind(url.hostname) ?? (proxied ? kindOfName(url.hostname) : undefined);
      if (!isAllowedAddress(kind, addresses)) throw refusal(url.hostname, allowed, `a ${kind} one`);
    },
    lookup: (lookup) => (addresses === undefined ? lookup : guarded(lookup, addresses)),
  };
}

const allowed = 'a host at an address that the option "addresses" allows';

/** Passes on addresses that the rules allow; a name with one refused address is refused. */
function guarded(lookup: LookupFunction, rules: AddressRules): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) {
        callback(error, []);
        return;
      }
      const list = typeof found === 'string' ? [{ address: found, family: found.includes(':') ? 6 : 4 }] : found;
      const refused = list.find(({ address }) => !isAllowed(address, rules));
      const [first] = list;
      if (refused !== undefined || first === undefined)
        callback(refusal(hostname, allowed, quote(refused?.address ?? 'none')), []);
      else if (options.all === true) callback(null, list);
      else callback(null, first.address, first.family);
    });
  };
}

function isAllowed(address: string, rules: AddressRules): boolean {
  const kind = addressKind(address);
  return kind !== undefined && isAllowedAddress(kind, rules);
}

// Names that lead to the machine that resolves them, here the proxy, in the usual files of hosts; and the services that give credentials.
const loopback = /^(?:localhost[46]?|ip6-(?:localhost|loopback)|(?:.*\.)?localdomain[46]?)$/;
const linkLocal = /^(?:metadata|metadata\.(?:google|goog)(?:\.internal)?|instance-data(?:\..*)?)$/;
// A resolver completes one label with a domain of its network; the others are only used in private networks (RFC 6762, RFC 8375, ICANN).
const privateName = /^(?:[^.]+|.*\.(?:local|internal|home\.arpa|lan|intranet|corp|home))$/;

/** What a name says of the network that it leads to, without being resolved: less than its addresses would say. */
function kindOfName(hostname: string): AddressKind | undefined {
  const name = hostname.toLowerCase().replace(/\.$/, '');
  // A name with an empty label is invalid, and resolvers differ in what they make of it.
  if (/^\.|\.\.|\.$/.test(name)) return 'reserved';
  if (loopback.test(name)) return 'loopback';
  if (linkLocal.test(name)) return 'linkLocal';
  return privateName.test(name) ? 'private' : undefined;
}

function refusal(host: string, expected: string, found: string): TransportError {
  return new TransportError('ERR_TRANSPORT_ADDRESS', `expected ${expected}, found ${found}: ${quote(host)}`, {
    detail: { host },
  });
}
