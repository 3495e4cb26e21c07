import type { Purl } from './parse.js';

/** The canonical text of a package URL (purl-spec, "How to build a purl string"). */
export function formatPurl(purl: Purl): string {
  const namespace = purl.namespace === undefined ? '' : `${purl.namespace.split('/').map(encode).join('/')}/`;
  const version = purl.version === undefined ? '' : `@${encode(purl.version)}`;
  const qualifiers = [...purl.qualifiers]
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${encode(value)}`)
    .join('&');
  const subpath = purl.subpath === undefined ? '' : `#${purl.subpath.split('/').map(encode).join('/')}`;
  return `pkg:${purl.type}/${namespace}${encode(purl.name)}${version}${qualifiers && `?${qualifiers}`}${subpath}`;
}

/** Percent-encodes all but letters, digits, `.`, `-`, `_`, `~` and the colon, which stands unencoded. */
function encode(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%3A', ':');
}
