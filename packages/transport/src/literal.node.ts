import { isIP } from 'node:net';
import type { TransportOptions } from './options.js';

/**
 * Node looks nothing up for a host that is an address already. A look-up that was given may refuse addresses, so it is asked about
 * those too, before anything connects; the URL parser has written every form (decimal, hexadecimal, octal, short) as one by then.
 */
export function literalCheck({ lookup }: TransportOptions): ((url: string) => Promise<void>) | undefined {
  if (lookup === undefined) return undefined;
  return (url) => {
    const host = new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');
    if (isIP(host) === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      lookup(host, { all: true }, (error) => (error ? reject(error) : resolve()));
    });
  };
}
