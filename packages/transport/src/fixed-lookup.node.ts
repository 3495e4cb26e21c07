import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { TransportOptions } from './options.js';

/** The addresses of `resolve`, and a look-up for all other names. */
export function fixedLookup(
  { resolve = {} }: TransportOptions,
  others: LookupFunction = systemLookup as LookupFunction,
): LookupFunction {
  // A map: the host may be called `constructor`, which every object has as a member.
  const fixed = new Map(Object.entries(resolve));
  return (hostname, options, callback) => {
    const { port, ...asked } = options as typeof options & { readonly port?: number | string };
    const address = fixed.get(`${hostname}:${port}`) ?? fixed.get(hostname);
    if (address === undefined) {
      others(hostname, asked, callback);
      return;
    }
    const family = address.includes(':') ? 6 : 4;
    if (options.all === true) callback(null, [{ address, family }]);
    else callback(null, address, family);
  };
}

/** Passes the port to a look-up: Node does not. */
export function withPort<O extends { readonly port?: unknown; readonly lookup?: LookupFunction | undefined }>(
  options: O,
): O {
  const { lookup, port } = options;
  if (lookup === undefined) return options;
  const withTarget: LookupFunction = (hostname, asked, callback) =>
    lookup(hostname, { ...asked, port } as typeof asked, callback);
  return { ...options, lookup: withTarget };
}
