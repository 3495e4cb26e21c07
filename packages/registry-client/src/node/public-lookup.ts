import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import type { ConnectionOptions } from '../connection.js';
import { isPrivateHost } from '../http/address.js';

/**
 * A DNS look-up that refuses names which lead to this machine or a private network, checked at the moment of connecting: for services
 * that fetch from registries their users name. Use it as `connection: { lookup: publicLookup }`.
 */
export const publicLookup: NonNullable<ConnectionOptions['lookup']> = (hostname, options, callback) => {
  systemLookup(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
    if (error !== null) return callback(error, '');
    const bad = found.find(({ address }) => isPrivateHost(address));
    if (bad !== undefined || found.length === 0) {
      return callback(Object.assign(new Error(`${hostname} leads to a private address`), { code: 'ENOTFOUND' }), '');
    }
    const [first] = found;
    if ((options as { all?: boolean }).all === true) return callback(null, found);
    return callback(null, first?.address ?? '', first?.family ?? 4);
  });
};
