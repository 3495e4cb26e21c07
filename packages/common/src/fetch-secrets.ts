import type { Fetch } from './http.js';

const known = new WeakMap<Fetch, () => readonly string[]>();

/** Says what is secret about a transport: the account of its proxy, the key of its client certificate. Gives the transport. */
export function noteSecrets(fetch: Fetch, secrets: () => readonly string[]): Fetch {
  known.set(fetch, secrets);
  return fetch;
}

/**
 * The secrets of a transport that said so, for those who repeat what servers answer: a proxy that answers itself may repeat what it was
 * sent. Nothing for any other function.
 */
export function secretsOfFetch(fetch: Fetch | undefined): readonly string[] {
  return fetch === undefined ? [] : (known.get(fetch)?.() ?? []);
}
