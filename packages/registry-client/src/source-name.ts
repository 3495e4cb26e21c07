import { type Classification, digestOfKey, type KeyValue, keyOf } from '@notarykit/common/internal';
import type { ConnectionOptions } from './connection.js';
import type { RegistryOptions } from './registry-options.js';

const account = 'an account is the tenant of a request';
const failure = 'what fails by it is an error, which is never remembered';
const writing = 'reading does not use it';
const told = 'it is called, and decides nothing';

const named = (way: object): KeyValue => nameOf(way);
const itself = <V extends KeyValue>(value: V): KeyValue => value;
const content = (value: string | Uint8Array): string => (typeof value === 'string' ? value : [...value].join());

const connectionRows: Classification<ConnectionOptions> = /* @__PURE__ */ (() => ({
  ca: { part: (ca) => (typeof ca === 'string' || ca instanceof Uint8Array ? [ca] : ca).map(content) },
  clientCertificate: { outside: account },
  cert: { outside: account },
  key: { outside: account },
  certificateHosts: { outside: account },
  addresses: { outside: failure },
  onlyHosts: { outside: failure },
  servername: { part: itself },
  resolve: { part: (resolve) => ({ ...resolve }) },
  lookup: { part: named },
  proxy: { part: itself },
  noProxy: { part: (hosts) => [...hosts] },
  maxSockets: { outside: failure },
  pastParserFrom: { outside: 'the bytes are the same either way' },
}))();

const rows: Classification<RegistryOptions> = /* @__PURE__ */ (() => ({
  registry: { outside: 'it is in the URL' },
  plainHttp: { outside: 'it is in the URL' },
  apiPath: { part: itself },
  upstream: { part: itself },
  credentials: { outside: account },
  fetch: { part: named },
  connection: { part: (connection) => wayOf(connection, connectionRows) },
  headers: { part: (headers) => ({ ...headers }) },
  referrers: { part: itself },
  legacyReferrers: { part: itself },
  exposesLink: { part: itself },
  limits: { part: (limits) => ({ ...limits }) },
  foreignScopes: { outside: account },
  realmHosts: { outside: failure },
  uploadHosts: { outside: writing },
  timeouts: { outside: failure },
  retry: { outside: failure },
  concurrency: { outside: failure },
  chunkSize: { outside: writing },
  chunked: { outside: writing },
  onProgress: { outside: told },
  onWarning: { outside: told },
  logger: { outside: told },
}))();

/** The members that are given; `null` where there is none. */
function wayOf<T extends object>(options: T, classified: Classification<T>): KeyValue {
  const given = Object.entries(keyOf(known(options, classified), classified).key ?? {}).filter(
    ([, value]) => value !== null,
  );
  return given.length === 0 ? null : (Object.fromEntries(given) as KeyValue);
}

/** Unknown members decide nothing here. */
function known<T extends object>(options: T, classified: Classification<T>): T {
  return Object.fromEntries(Object.entries(options).filter(([name]) => Object.hasOwn(classified, name))) as T;
}

/**
 * What is behind a repository's name: the URL that is asked, and how it is reached and listed where the caller decides that, for the
 * same URL may lead to another server then, or show another list. Functions are compared by identity, so that what they reach is
 * never shared between processes; the rest may hold secrets, and is named by one digest.
 */
export function sourceOf(options: RegistryOptions, origin: string, repository: string): string {
  const way = wayOf(options, rows);
  const url = `${origin}/${repository}`;
  return way === null ? url : `${url}, by ${digestOfKey(way)}`;
}

const names = new WeakMap<object, string>();

function nameOf(way: object): string {
  const known = names.get(way) ?? [...crypto.getRandomValues(new Uint32Array(4))].map((n) => n.toString(36)).join('-');
  names.set(way, known);
  return known;
}
