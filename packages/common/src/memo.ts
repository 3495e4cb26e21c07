import { RecentMap } from './recent-map.js';

/**
 * A pure function of a text that remembers its last answers. Texts come from outside and must not make it grow: it keeps at most
 * `maxEntries` answers, none to a text of more than `maxLength` UTF-16 units, and nothing of what throws.
 *
 * @param maxLength - default 512
 *
 * @example
 * ```ts
 * const hostOf = memoized((url) => new URL(url).host, 1_000);
 * ```
 */
export function memoized<R>(work: (text: string) => R, maxEntries: number, maxLength = 512): (text: string) => R {
  const known = new RecentMap<string, { readonly result: R }>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found.result;
    const result = work(text);
    if (text.length > maxLength) return result;
    if (known.size >= maxEntries) known.deleteOldest();
    known.set(text, { result });
    return result;
  };
}
