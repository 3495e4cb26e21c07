import { RegistryError } from '../errors.js';
import type { RegistryRequest, RegistryResponse, Send } from './message.js';
import { checkRedirect } from './origin.js';
import { chosenBySomebody, nameOf } from './url.js';

/** Most redirects that are followed (threats B2); token requests and probes follow none. */
export const maxRedirects = 5;
const redirectCodes = [301, 302, 303, 307, 308];
const redirects = new Set(redirectCodes);
/** What may follow a request to another origin: nothing that names or authorizes the caller. */
const harmless = new Set(['accept', 'accept-encoding', 'range', 'user-agent', 'content-type', 'content-length']);

/** Follows redirects by our own rules; credentials and custom headers end where the origin changes, and do not come back. */
export function withRedirects(send: Send, registry: string): Send {
  return async (request) => {
    if (request.kind === 'token' || request.kind === 'probe') return await send(request);
    let current: RegistryRequest = { ...request, expect: request.expect.concat(redirectCodes) };
    for (let hop = 0; ; hop++) {
      const response = await send(current);
      if (!redirects.has(response.status) || request.expect.includes(response.status)) return response;
      await response.body?.cancel();
      if (response.hidden === true) return await followHidden(send, current, registry);
      current = follow(current, response, registry, hop);
    }
  };
}

/**
 * Lets the platform follow a redirect that it hides, and judges where the answer came from: nothing of one from a forbidden place is
 * used. Only for reads; the platform takes `Authorization` away where the origin changes, and custom headers are not sent at all.
 */
async function followHidden(send: Send, request: RegistryRequest, registry: string): Promise<RegistryResponse> {
  const { method, url } = request;
  if (method !== 'GET' && method !== 'HEAD') {
    throw refused(registry, request, 307, 'this platform does not tell where the redirect of a write leads');
  }
  const response = await send({ ...request, follow: true });
  const verdict = checkRedirect({ from: url, to: response.url, method, status: 307 });
  if (verdict.ok) return response;
  await response.body?.cancel();
  throw refused(registry, request, 307, `the redirect ${verdict.why}`);
}

function follow(request: RegistryRequest, response: RegistryResponse, registry: string, hop: number): RegistryRequest {
  const { method, url } = request;
  const verdict = checkRedirect({ from: url, to: response.headers.get('location'), method, status: response.status });
  if (hop >= maxRedirects) throw refused(registry, request, response.status, `more than ${maxRedirects} redirects`);
  if (!verdict.ok) throw refused(registry, request, response.status, `the redirect ${verdict.why}`);
  if (request.body !== undefined && !request.body.replayable) {
    throw refused(registry, request, response.status, 'the body cannot be sent a second time');
  }
  const there = { url: verdict.url, shown: chosenBySomebody(verdict.url) };
  if (verdict.sameOrigin) return { ...request, ...there };
  const headers = Object.fromEntries(
    Object.entries(request.headers ?? {}).filter(([name]) => harmless.has(name.toLowerCase())),
  );
  const { scopes: _dropped, ...rest } = request;
  return { ...rest, ...there, headers };
}

function refused(registry: string, request: RegistryRequest, status: number, why: string): RegistryError {
  return new RegistryError(
    'ERR_REGISTRY_REDIRECT',
    `${registry}: ${request.method} ${nameOf(request)} answered ${status}, not followed: ${why}`,
    { detail: { registry, method: request.method, url: nameOf(request), status, retryable: false } },
  );
}
