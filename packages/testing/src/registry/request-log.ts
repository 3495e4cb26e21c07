import { sha256Hex, utf8 } from '@notarykit/common/internal';
import type { RegistryRequest, RouteName } from './http/exchange.js';
import type { Route } from './http/route.js';

/** One request as the registry saw it. Secrets are hashed: equal secrets look equal, and none can be read back. */
export interface RecordedRequest {
  readonly method: string;
  /** Path as it came, without the query. */
  readonly path: string;
  readonly query: string;
  /** `Host`: tells two listeners of one registry apart. */
  readonly host: string;
  readonly route: RouteName;
  readonly repository: string | undefined;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes of the body that were read. */
  readonly bodyLength: number;
  /** Account that was let in. */
  readonly account: string | undefined;
  /** Status of the answer; `undefined` while there is none, and when the connection was cut instead. */
  readonly status: number | undefined;
}

/** The part of a record that is written while the request is served. */
export type OpenRecord = { -readonly [K in keyof RecordedRequest]: RecordedRequest[K] };

const secretHeaders = new Set(['authorization', 'proxy-authorization', 'cookie']);

/** The record of a request that has just come. */
export function openRecord(request: RegistryRequest, route: Route): OpenRecord {
  return {
    method: request.method,
    path: request.url.pathname,
    query: request.url.search,
    host: request.url.host,
    route: route.name,
    repository: route.repository,
    headers: Object.fromEntries([...request.headers].map(([name, value]) => [name, shown(name, value)])),
    bodyLength: 0,
    account: undefined,
    status: undefined,
  };
}

function shown(name: string, value: string): string {
  if (!secretHeaders.has(name)) return value;
  const [scheme = '', ...rest] = value.split(' ');
  return `${rest.length === 0 ? '' : `${scheme} `}${fingerprint(rest.length === 0 ? value : rest.join(' '))}`;
}

/** What the log shows in place of a secret: the first half of its SHA-256. */
export function fingerprint(secret: string): string {
  return `sha256:${sha256Hex(utf8(secret)).slice(0, 32)}`;
}
