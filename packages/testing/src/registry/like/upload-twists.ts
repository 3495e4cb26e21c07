import { errorAnswer } from '../http/answers.js';
import { headerOf, withHeader } from '../http/exchange.js';
import { routeOf } from '../http/route.js';
import type { Twist } from './quirk.js';

/** The `Range` of an upload stays where the first chunk left it. */
export function rangeStandsStill(): Twist {
  const first = new Map<string, string>();
  return async (request, serve) => {
    const answer = await serve(request);
    if (request.method !== 'PATCH' || answer.status >= 300) return answer;
    const { pathname } = request.url;
    const range = first.get(pathname) ?? headerOf(answer, 'range');
    if (range === undefined) return answer;
    first.set(pathname, range);
    return withHeader(answer, 'Range', range);
  };
}

/** A chunk that is out of its place, as one that is sent again is, ends the upload. */
export function chunkSentAgainEndsUpload(): Twist {
  const lost = new Set<string>();
  return async (request, serve) => {
    const { pathname } = request.url;
    if (routeOf(pathname).name !== 'upload') return serve(request);
    const answer = lost.has(pathname) ? undefined : await serve(request);
    if (answer !== undefined && answer.status !== 416) return answer;
    lost.add(pathname);
    return errorAnswer(404, 'BLOB_UPLOAD_INVALID', 'blob upload invalid');
  };
}
