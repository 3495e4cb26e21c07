import {
  type CallOptions,
  defined,
  type Fetch,
  isCodedError,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  quote,
  secretsOfFetch,
  untilAborted,
} from '@notarykit/common/internal';
import { SignerError, type SignerErrorReason } from '@notarykit/signature-envelope/internal';
import { requireFunction } from '../remote/brought.js';
import { exchangeJson, type JsonAnswer } from '../remote/json-exchange.js';
import type { Secrets } from '../remote/redacted.js';
import { headerToken, serviceUrl } from '../remote/service-url.js';

/** Gives a token; told which one the server has just refused, it gives another. `vaultLogin` makes one. */
export type VaultTokenSource = (options?: VaultTokenOptions) => Promise<string>;

/** The arguments of a {@link VaultTokenSource}. */
export interface VaultTokenOptions extends CallOptions {
  /** The token that the server has just refused. */
  readonly refused?: string;
}

/** Where a Vault or OpenBao server is. */
export interface VaultServer {
  /** For example `https://vault.wabbit-networks.io:8200`. */
  readonly address: string;
  /** Lets the token travel over `http://` to another machine. Default false; this machine itself needs no word. */
  readonly plainHttp?: boolean;
  readonly namespace?: string;
  readonly fetch: Fetch;
  /** For one request, in milliseconds. Default 60,000; past it, calls reject with reason `timeout`. */
  readonly timeoutMs?: number;
}

/** The address of a Vault or OpenBao server, and the credentials for it. */
export interface VaultConnection extends VaultServer {
  /** A token, or what gives the present one; it is asked once more when the server refuses its token. */
  readonly token: string | VaultTokenSource;
}

/** One call. */
export interface VaultCall {
  readonly body?: JsonObject;
  /** For errors. */
  readonly keyId: string;
  readonly signal?: AbortSignal;
}

/** Tokens that connections have used: the last ones, for what servers repeat of them. */
const used = new WeakMap<VaultServer, string[]>();
const mostTokens = 8;

function noteToken(server: VaultServer, token: string): void {
  const tokens = used.get(server) ?? [];
  if (tokens.includes(token)) return;
  used.set(server, [...tokens.slice(1 - mostTokens), token]);
}

/** What must not be in an error of a connection. */
export const secretsOf =
  (server: VaultServer): Secrets =>
  () => [...(used.get(server) ?? []), ...secretsOfFetch(server.fetch)];

/** The `data` of an answer; empty where the server has nothing to say (204). */
export async function callVault(connection: VaultConnection, path: string, call: VaultCall): Promise<JsonObject> {
  const { token: source } = connection;
  const found = await (typeof source === 'function'
    ? askWithSource(connection, source, path, call)
    : askVault(connection, path, { ...call, token: source }));
  if (found.status === 204) return {};
  if (found.status !== 200) throw statusError(found, call.keyId);
  if (!found.isObject) throw fail('unavailable', 'the answer is not a JSON object', call.keyId);
  const { data } = found.answer;
  return isJsonObject(data) ? data : {};
}

/** Paths that a source's tokens have no right to, and since when that is known. */
const withoutRight = new WeakMap<VaultTokenSource, Map<string, number>>();
const believedMs = 60_000;

/**
 * An expired token and a missing right look alike: only another token shows which it is. Where the next one was refused too, no
 * further one is asked for during a minute: each would be a login.
 */
async function askWithSource(
  connection: VaultConnection,
  source: VaultTokenSource,
  path: string,
  call: VaultCall,
): Promise<JsonAnswer> {
  const waiting = defined({ signal: call.signal });
  const token = await tokenOf(source, waiting, call);
  const found = await askVault(connection, path, { ...call, token });
  const denied = withoutRight.get(source) ?? new Map<string, number>();
  withoutRight.set(source, denied);
  if (found.status !== 403) denied.delete(path);
  const known = denied.get(path) ?? Number.NEGATIVE_INFINITY;
  if (found.status !== 403 || performance.now() - known < believedMs) return found;
  const renewed = await tokenOf(source, { ...waiting, refused: token }, call);
  if (renewed === token) return found;
  const again = await askVault(connection, path, { ...call, token: renewed });
  if (again.status === 403) denied.set(path, performance.now());
  return again;
}

/** The caller's function may fail in any way, and not only by a promise. */
async function tokenOf(source: VaultTokenSource, options: VaultTokenOptions, call: VaultCall): Promise<string> {
  try {
    return await untilAborted(Promise.resolve(source(options)), call.signal);
  } catch (cause) {
    if (call.signal?.aborted === true || isCodedError(cause)) throw cause;
    throw fail('unauthenticated', 'the token could not be obtained', call.keyId, cause);
  }
}

/** An answer, whatever its status. */
export function askVault(
  server: VaultServer,
  path: string,
  { body, keyId, signal, token }: VaultCall & { readonly token?: string },
): Promise<JsonAnswer> {
  const { namespace, fetch, timeoutMs } = server;
  requireFunction(fetch, 'fetch');
  if (token !== undefined) noteToken(server, token);
  return exchangeJson({
    fetch,
    url: `${serviceUrl(server, 'vault')}/v1/${path}`,
    headers: {
      ...(token === undefined ? {} : { 'x-vault-token': headerToken(token, 'vault') }),
      ...(namespace === undefined ? {} : { 'x-vault-namespace': vaultPath(namespace.replace(/\/$/, '')) }),
    },
    body,
    timeoutMs,
    ...defined({ signal }),
    fail: (reason, message, cause) => fail(reason, message, keyId, cause),
  });
}

/** An error of this provider. */
export function fail(
  reason: SignerErrorReason,
  message: string,
  keyId: string,
  cause?: unknown,
  retryAfterMs?: number,
): SignerError {
  return new SignerError(
    `Vault: ${message}`,
    { reason, provider: 'vault', keyId, ...defined({ retryAfterMs }) },
    defined({ cause }),
  );
}

/** 0 is a redirect in a browser. */
export const isRedirect = (status: number): boolean => status === 0 || (status >= 300 && status < 400);

/** The error for an answer that Vault does not give. */
export function statusError({ status, answer, retryAfterMs }: JsonAnswer, keyId: string): SignerError {
  const errors = isJsonArray(answer['errors']) ? answer['errors'].filter((error) => typeof error === 'string') : [];
  // A redirect is not followed, and what is in it is not an answer.
  const said = isRedirect(status)
    ? 'a redirect, which is not followed; give the address of the active node'
    : errors.join('; ') || 'no reason given';
  return fail(reasonOf(status, said), `HTTP ${status}: ${said}`, keyId, undefined, retryAfterMs);
}

/** The server tells bad requests apart in English only. */
const texts: readonly (readonly [RegExp, SignerErrorReason])[] = [
  [/invalid token/, 'unauthenticated'],
  [/less than the minimum encryption key version|min_encryption_version|deleted|disallowed/, 'key-disabled'],
  [/higher than the latest key version|not found/, 'key-not-found'],
  [/does not support signing|signing not supported/, 'wrong-key-usage'],
];

const statuses: Readonly<Record<number, SignerErrorReason>> = {
  401: 'unauthenticated',
  403: 'access-denied',
  404: 'key-not-found',
  408: 'timeout',
  // A standby that has not seen the last write yet, or cannot serve this.
  412: 'unavailable',
  429: 'throttled',
  472: 'unavailable',
  473: 'unavailable',
};

function reasonOf(status: number, text: string): SignerErrorReason {
  const [, reason] = texts.find(([pattern]) => pattern.test(text)) ?? [];
  return reason ?? statuses[status] ?? (status >= 500 ? 'unavailable' : 'unknown');
}

/** Names of keys and roles: of Vault's and OpenBao's own grammar (GenericNameRegex). */
const namePattern = /^\w(?:[\w.-]*\w)?$/;

/**
 * A name as it is in a path.
 *
 * @throws {SignerError} reason `invalid-request`
 */
export function vaultName(name: string, what: string): string {
  if (typeof name === 'string' && namePattern.test(name)) return name;
  const expected = `expected the name of a ${what}, of letters, digits, "_", "-" and "."`;
  throw fail('invalid-request', `${expected}, found ${quote(name)}`, quote(name));
}

/**
 * A path below `/v1/`, of parts that may hold slashes: mounts and paths of secrets. A part cannot lead out of its place.
 *
 * @throws {SignerError} reason `invalid-request` for an empty segment, `.`, `..`, or a control character
 */
export function vaultPath(...parts: readonly string[]): string {
  return parts.map((part) => checkPath(part).split('/').map(encodeURIComponent).join('/')).join('/');
}

function checkPath(part: string): string {
  const isPlain = (segment: string): boolean => !/^\.{0,2}$/.test(segment) && !/[\u0000-\u001f\u007f\\]/.test(segment);
  if (typeof part === 'string' && !/\p{Cs}/u.test(part) && part.split('/').every(isPlain)) return part;
  throw fail('invalid-request', `expected a path without empty segments and "..", found ${quote(part)}`, quote(part));
}
