import { decodeUtf8, utf8 } from '@notarykit/common/internal';
import { bytesAnswer, errorAnswer } from '../http/answers.js';
import { iterateBody, readBody } from '../http/bodies.js';
import { type Answer, headerOf, withHeader } from '../http/exchange.js';
import { routeOf } from '../http/route.js';
import { requestTo } from './manifest-twists.js';
import type { Serve, Twist } from './quirk.js';

/** The referrers path leads to a page of the web site, here on the registry's own host. */
export const referrersAreWebPage = (): Twist => async (request, serve) => {
  const { name, repository = '' } = routeOf(request.url.pathname);
  if (name !== 'referrers') {
    if (!request.url.pathname.startsWith('/-/')) return serve(request);
    return bytesAnswer(429, { 'Content-Type': 'text/html' }, utf8('<!DOCTYPE html><h1>Whoa there!</h1>'));
  }
  const location = `/-/v2/packages/container/package/${encodeURIComponent(`${repository}/referrers/sha256`)}`;
  return bytesAnswer(303, { Location: location, 'Content-Type': 'text/html' }, new Uint8Array());
};

const documentOf = async ({ body }: Answer): Promise<Record<string, unknown>> =>
  JSON.parse(decodeUtf8(await readBody(iterateBody(body), Number.POSITIVE_INFINITY)));

/** A referrer is listed with the type of its config, whatever its own artifact type is. */
export const listedByConfig = (): Twist => async (request, serve) => {
  if (routeOf(request.url.pathname).name !== 'referrers') return serve(request);
  const answer = await serve(request);
  if (answer.status !== 200 || request.method === 'HEAD') return answer;
  const list = await documentOf(answer);
  const typed = async (entry: { digest: string }): Promise<object> => {
    const { config } = await documentOf(await serve(requestTo(request, 'GET', entry.digest)));
    return { ...entry, artifactType: (config as { mediaType?: string } | undefined)?.mediaType };
  };
  const manifests = await Promise.all((list['manifests'] as { digest: string }[]).map(typed));
  const body = utf8(JSON.stringify({ ...list, manifests }));
  return { ...withHeader(answer, 'Content-Length', String(body.length)), body };
};

/** A page of tags of more than so many is refused, and the link to the next page names no tag. */
export function tagPages(most: number): () => Twist {
  return (): Twist => {
    const tokens = new Map<string, string>();
    return async (request, serve) => {
      if (routeOf(request.url.pathname).name !== 'tags') return serve(request);
      const { searchParams } = request.url;
      if (Number(searchParams.get('n') ?? 0) > most)
        return errorAnswer(413, 'TAG_LIMIT_EXCEEDED', `requested result set is too large: at most ${most}`);
      return nameless(await serve({ ...request, url: resumed(request.url, tokens, most) }), tokens);
    };
  };
}

function resumed(url: URL, tokens: ReadonlyMap<string, string>, most: number): URL {
  const asked = new URL(url);
  if (!asked.searchParams.has('n')) asked.searchParams.set('n', String(most));
  const last = tokens.get(url.searchParams.get('next_page') ?? '');
  if (last !== undefined) asked.searchParams.set('last', last);
  return asked;
}

function nameless(answer: Answer, tokens: Map<string, string>): Answer {
  const link = headerOf(answer, 'link');
  const last = /[?&]last=([^&>]*)/.exec(link ?? '')?.[1];
  if (link === undefined || last === undefined) return answer;
  const token = `page-${tokens.size + 1}`;
  tokens.set(token, decodeURIComponent(last));
  return withHeader(answer, 'Link', link.replace(`last=${last}`, `next_page=${token}`));
}

/** Manifests that are read count as pulls, and there are only so many. */
export function pullLimit(most: number): () => Twist {
  return (): Twist => {
    let pulls = 0;
    return async (request, serve) => {
      const isPull = routeOf(request.url.pathname).name === 'manifest' && ['GET', 'HEAD'].includes(request.method);
      if (!isPull) return serve(request);
      if (request.method === 'GET' && ++pulls > most)
        return errorAnswer(429, 'TOOMANYREQUESTS', 'You have reached your pull rate limit.');
      return counted(await serve(request), most, Math.max(0, most - pulls));
    };
  };
}

const counted = (answer: Answer, most: number, left: number): Answer =>
  withHeader(withHeader(answer, 'ratelimit-limit', `${most};w=21600`), 'ratelimit-remaining', `${left};w=21600`);

/** Of the scopes that a token is asked for, only the last one is granted. */
export const lastScopeOnly = (): Twist => async (request: Parameters<Twist>[0], serve: Serve) => {
  if (routeOf(request.url.pathname).name !== 'token') return serve(request);
  const url = new URL(request.url);
  const last = url.searchParams.getAll('scope').at(-1);
  if (last !== undefined) url.searchParams.set('scope', last);
  return serve({ ...request, url });
};

/** Credentials that are not known any more are answered with 403. */
export const expiredIsForbidden = (): Twist => async (request, serve) => {
  const answer = await serve(request);
  if (answer.status !== 401 || !request.headers.has('authorization')) return answer;
  return errorAnswer(403, 'DENIED', 'Your authorization token has expired. Reauthenticate and try again.');
};

/** Each answer sets a cookie; a request that changes something and sends it back is refused. */
export const cookiesAreSessions = (): Twist => async (request, serve) => {
  if (request.headers.has('cookie') && !['GET', 'HEAD'].includes(request.method))
    return errorAnswer(403, 'FORBIDDEN', 'CSRF token not found in request');
  return withHeader(await serve(request), 'Set-Cookie', 'sid=0123456789abcdef; Path=/; HttpOnly');
};
