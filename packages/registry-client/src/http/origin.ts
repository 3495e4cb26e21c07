import { isPrivateHost } from './address.js';
import { resolveUrl } from './url.js';

/** What the origin policy says about a URL that a peer gave: where it leads, or why it is refused. */
export type OriginVerdict =
  | { readonly ok: true; readonly url: string; readonly sameOrigin: boolean }
  | { readonly ok: false; readonly why: string };

const refuse = (why: string): OriginVerdict => ({ ok: false, why });

/** The rules that every URL of a peer obeys: scheme, no downgrade, no way into a private network, no credentials in it. */
function checkUrl(text: string, base: string): OriginVerdict {
  const from = new URL(base);
  const url = resolveUrl(text, base);
  if (url === undefined) return refuse('is not a URL');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return refuse(`has the scheme "${url.protocol}"`);
  if (url.protocol === 'http:' && from.protocol === 'https:') return refuse('leads from https to http');
  if (url.username !== '' || url.password !== '') return refuse('carries credentials');
  if (url.hostname !== from.hostname && isPrivateHost(url.hostname) && !isPrivateHost(from.hostname)) {
    return refuse('leads to an address of this machine or a private network');
  }
  url.hash = '';
  return { ok: true, url: url.href, sameOrigin: url.origin === from.origin };
}

/** A redirect to check. */
export interface RedirectCheck {
  readonly from: string;
  readonly to: string | null;
  readonly method: string;
  readonly status: number;
}

/** Where a redirect leads (oci.md 3.8): writes follow only 307 and 308, for the others would turn them into reads. */
export function checkRedirect({ from, to, method, status }: RedirectCheck): OriginVerdict {
  if (to === null) return refuse('has no Location');
  const write = method !== 'GET' && method !== 'HEAD';
  if (write && status !== 307 && status !== 308) return refuse(`answers ${method} with ${status}`);
  const verdict = checkUrl(to, from);
  if (write && verdict.ok && !verdict.sameOrigin) return refuse('leads a write to another origin');
  return verdict;
}

/** Where the next request of an upload goes. `hosts` narrows the other hosts that may receive content. */
export function checkLocation(request: string, location: string | null, hosts?: readonly string[]): OriginVerdict {
  if (location === null || location === '') return refuse('is missing');
  const verdict = checkUrl(location, request);
  if (!verdict.ok || verdict.sameOrigin || hosts === undefined) return verdict;
  return isListed(verdict.url, hosts) ? verdict : refuse('is not on the list of upload hosts');
}

/** Whether a list names the host of a URL: with the port, unless that is the scheme's default. Another port is another server. */
function isListed(url: string, hosts: readonly string[]): boolean {
  const { protocol, host } = new URL(url);
  const hostOf = (text: string): string =>
    URL.canParse(`${protocol}//${text}`) ? new URL(`${protocol}//${text}`).host : text;
  return hosts.some((each) => hostOf(each) === host);
}

/** The URL that ends an upload: the registry's own query stays byte for byte. */
export function withDigest(location: string, digest: string): string {
  return `${location}${location.includes('?') ? '&' : '?'}digest=${digest}`;
}

/** Whether credentials may be sent to a token service (threats H3). `hosts` narrows it to a list. */
export function checkRealm(registry: string, realm: string, hosts?: readonly string[]): OriginVerdict {
  const verdict = checkUrl(realm, registry);
  if (!verdict.ok) return verdict;
  if (realm.includes('#')) return refuse('carries a fragment');
  if (hosts === undefined || verdict.sameOrigin) return verdict;
  return isListed(verdict.url, hosts) ? verdict : refuse('is not on the list of token service hosts');
}

/** The next page of a list; other origins are refused before any request (GHSA-h7vf-4x9w-h99v). */
export function checkNextPage(page: string, next: string): OriginVerdict {
  const verdict = checkUrl(next, page);
  if (!verdict.ok) return verdict;
  if (!verdict.sameOrigin) return refuse('leads to another origin');
  return verdict.url === new URL(page).href ? refuse('leads to the page itself') : verdict;
}
