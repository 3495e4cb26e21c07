import { type Fetch, readBytes } from '@notarykit/common';

/**
 * A transport that asks other servers than the URLs name: by origin, the origin of each. Others are refused. Where an answer names the
 * server that was asked, it names the one of the URL instead.
 */
export function routedFetch(fetch: Fetch, routes: Readonly<Record<string, string>>): Fetch {
  return async (text, init) => {
    const { origin, pathname, search } = new URL(text);
    const route = routes[origin];
    if (route === undefined) throw new Error(`no route to ${origin}`);
    const answer = await fetch(`${route}${pathname}${search}`, init);
    const body =
      answer.body === null ? '' : Buffer.from(await readBytes(answer.body, { limit: 1024 * 1024 })).toString();
    const renamed = new Response(body.replaceAll(route, origin)).body;
    return { status: answer.status, headers: answer.headers, url: text, body: renamed };
  };
}
