import type { RegistryOptions } from './registry.js';

/**
 * What is behind a repository's name: the URL that is asked, and how it is reached where the caller decides that, for the same URL may
 * lead to another server then. Functions are told apart by themselves, so that what they reach is never shared between processes.
 */
export function sourceOf({ fetch, connection }: RegistryOptions, origin: string, repository: string): string {
  const { resolve, lookup, servername } = connection ?? {};
  const ways = [
    ...Object.entries(resolve ?? {})
      .sort()
      .map(([host, address]) => `${host} at ${address}`),
    ...(servername === undefined ? [] : [`as ${servername}`]),
    ...(lookup === undefined ? [] : [`by ${nameOf(lookup)}`]),
    ...(fetch === undefined ? [] : [`by ${nameOf(fetch)}`]),
  ];
  return [`${origin}/${repository}`, ...ways].join(', ');
}

const names = new WeakMap<object, string>();

function nameOf(way: object): string {
  const known = names.get(way) ?? [...crypto.getRandomValues(new Uint32Array(4))].map((n) => n.toString(36)).join('-');
  names.set(way, known);
  return known;
}
