import { type AddressBytes, addressOf, blockOf, isInBlock, isLoopback, isSameAddress } from './address-block.node.js';

/** The place that a request goes to. */
interface Place {
  readonly host: string;
  readonly port: string;
  readonly address: AddressBytes | undefined;
}

/**
 * Whether a URL is reached without the proxy, as Go's `golang.org/x/net/http/httpproxy` reads `NO_PROXY`: names cover their
 * subdomains, `.suffixes` and `*.suffixes` only those, `*` everything; addresses and CIDR blocks count only for addresses, and
 * IPv4 written as IPv6 is IPv4 (CVE-2026-44492). A port may follow all but blocks; an address of IPv6 has brackets then, and only then.
 */
export function bypassesProxy(url: URL, entries: readonly string[]): boolean {
  const place = placeOf(url);
  return entries.some((entry) => matches(trimmed(entry).toLowerCase(), place));
}

/** Whether a URL is on this machine: the environment sends nothing of that to a proxy. */
export function isLocal(url: URL): boolean {
  const { host, address } = placeOf(url);
  return host === 'localhost' || (address !== undefined && isLoopback(address));
}

function placeOf({ hostname, port, protocol }: URL): Place {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  return { host, port: port || (protocol === 'https:' ? '443' : '80'), address: addressOf(host) };
}

function matches(entry: string, place: Place): boolean {
  if (entry === '*') return true;
  const block = blockOf(entry);
  if (block !== undefined) return place.address !== undefined && isInBlock(place.address, block);
  const { host, port } = hostAndPort(entry) ?? { host: entry, port: '' };
  if (host === '' || (port !== '' && port !== place.port)) return false;
  const address = addressOf(host);
  if (address !== undefined) return place.address !== undefined && isSameAddress(address, place.address);
  return place.address === undefined && covers(inAscii(host), place.host);
}

function covers(name: string, host: string): boolean {
  const suffix = name.replace(/^\*(?=\.)/, '');
  return suffix.startsWith('.') ? host.endsWith(suffix) : host === suffix || host.endsWith(`.${suffix}`);
}

/** The parts of `host:port` and `[host]:port`; `undefined` where there is no port, or no telling which part it is. */
function hostAndPort(entry: string): { readonly host: string; readonly port: string } | undefined {
  const match = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:[\]]*)$/.exec(entry);
  return match === null ? undefined : { host: match[1] ?? match[2] ?? '', port: match[3] ?? '' };
}

/** A name as it is in URLs: letters outside of ASCII are encoded there. */
function inAscii(name: string): string {
  if (/^[\0-\x7f]*$/.test(name)) return name;
  const url = `http://${name.replace(/^\*?\./, '')}`;
  return URL.canParse(url) ? name.replace(/[^*.].*$/, () => new URL(url).hostname) : name;
}

/** The blanks that Go trims. */
const trimmed = (text: string): string => text.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, '');
