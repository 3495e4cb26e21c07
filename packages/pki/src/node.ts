export { type DirectoryCrlCacheOptions, directoryCrlCache } from './node/directory-crl-cache.js';
export { type RevocationFetchOptions, revocationFetch } from './node/revocation-fetch.js';
