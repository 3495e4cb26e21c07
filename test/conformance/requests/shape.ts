import type { RecordedRequest } from '@notarykit/testing';

/** A shape of the vectors: one kind of request with one right answer. */
export interface Shape {
  readonly method: string;
  readonly url: string;
  readonly request: Readonly<Record<string, string>>;
  readonly status: number;
}

/** What makes two requests the same shape: method, place, query members, range, framing, status. */
export function keyOf({ method, url, request, status }: Shape): string {
  const { pathname, searchParams } = new URL(url.replace(/<(\w+)>/g, '$1'), 'http://registry');
  const query = [...new Set(searchParams.keys())].filter((name) => name !== 'state' && name !== '_state').sort();
  const place = pathname.replace(/^\/v2\/(.+)\/(manifests|blobs|tags|referrers)\//, '/v2/repo/$2/');
  const framing = request['transfer-encoding'] === undefined ? '' : 'chunked';
  const range = request['range'] ?? (request['content-range'] === undefined ? '' : 'chunk');
  return [method, place, query.join('&'), range, framing, status].join(' ');
}

/** The shape of a request that the registry saw. */
export function shapeOf({ method, path, query, headers, status }: RecordedRequest): Shape {
  const place = path
    .replace(/uploads\/[^/]+$/, 'uploads/session')
    .replace(/(blobs|manifests|referrers)\/(sha256|sha512)(:|%3A)[^/]+$/, '$1/digest')
    .replace(/manifests\/(?!digest$)[^/]+$/, 'manifests/tag');
  return { method, url: place + query, request: headers, status: status ?? 0 };
}
