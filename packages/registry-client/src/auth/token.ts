import { copyBytes, defined, encodeBase64, isJsonObject, parseJson, utf8 } from '@notarykit/common/internal';
import type { Credential } from '../credential.js';
import { RegistryError } from '../errors.js';
import type { RegistryRequest, RegistryResponse, Send } from '../http/message.js';

/** A token and until when it is used. */
export interface Token {
  readonly value: string;
  readonly scopes: readonly string[];
  /** By the clock of `performance.now()`, milliseconds. */
  readonly expires: number;
  /** Whole life in milliseconds. */
  readonly life: number;
  readonly refreshToken?: string;
}

/** Where a token is asked for. */
export interface TokenRequest {
  readonly realm: string;
  readonly service?: string;
  readonly scopes: readonly string[];
  readonly credential: Credential | undefined;
  readonly signal?: AbortSignal | undefined;
}

const bodyLimit = 128 * 1024;
const clientId = 'notarykit';

/** `Basic` of RFC 7617, in UTF-8. */
export function basic({ username = '', password = '' }: Credential): string {
  return `Basic ${encodeBase64(utf8(`${username}:${password}`))}`;
}

/**
 * Asks a token service: OAuth2 POST with a refresh token, else GET with Basic or anonymous (distribution, "Token Authentication").
 * A service that does not know POST is asked by GET; some answer 400 to it.
 */
export async function requestToken(send: Send, request: TokenRequest): Promise<Token> {
  const { refreshToken } = request.credential ?? {};
  if (refreshToken === undefined) return readToken(await send(getRequest(request)), request);
  try {
    return readToken(await send(postRequest(request, refreshToken)), request);
  } catch (error) {
    const unknown = error instanceof Error && 'code' in error && hasStatus(error, [400, 404, 405]);
    if (!unknown || request.credential?.password === undefined) throw error;
    return readToken(await send(getRequest(request)), request);
  }
}

function hasStatus(error: Error & { detail?: unknown }, statuses: readonly number[]): boolean {
  const status = (error.detail as { status?: number } | undefined)?.status;
  return status !== undefined && statuses.includes(status);
}

function getRequest({ realm, service, scopes, credential, signal }: TokenRequest): RegistryRequest {
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set('service', service);
  for (const scope of scopes) url.searchParams.append('scope', scope);
  url.searchParams.set('client_id', clientId);
  const user = credential?.username;
  if (user !== undefined) url.searchParams.set('account', user);
  const headers = user === undefined ? {} : { authorization: basic(credential ?? {}) };
  return { method: 'GET', url: url.href, kind: 'token', headers, expect: [200], limit: bodyLimit, signal };
}

function postRequest({ realm, service, scopes, signal }: TokenRequest, refreshToken: string): RegistryRequest {
  const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken, client_id: clientId });
  if (service !== undefined) form.set('service', service);
  if (scopes.length > 0) form.set('scope', scopes.join(' '));
  const body = utf8(form.toString());
  return {
    method: 'POST',
    url: realm,
    kind: 'token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: { size: body.length, open: () => copyBytes(body), replayable: true },
    expect: [200],
    limit: bodyLimit,
    signal,
  };
}

function readToken(response: RegistryResponse, request: TokenRequest): Token {
  const document = parse(response, request);
  const value = document['token'] || document['access_token'];
  // A token becomes a header: anything but visible ASCII could forge another one.
  if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value)) throw unusable(request, 'no token');
  const life = (typeof document['expires_in'] === 'number' ? Math.max(0, document['expires_in']) : 60) * 1000;
  const refreshToken = document['refresh_token'];
  return {
    value,
    scopes: request.scopes,
    life,
    expires: performance.now() + life - Math.min(10_000, life / 2),
    ...(typeof refreshToken === 'string' ? { refreshToken } : {}),
  };
}

function parse(response: RegistryResponse, request: TokenRequest): Record<string, unknown> {
  try {
    const document = parseJson(response.bytes, { maxDepth: 32 });
    if (isJsonObject(document)) return document;
  } catch (cause) {
    throw unusable(request, 'no JSON', cause);
  }
  throw unusable(request, 'no JSON object');
}

function unusable(request: TokenRequest, what: string, cause?: unknown): RegistryError {
  const { host } = new URL(request.realm);
  return new RegistryError('ERR_REGISTRY_PROTOCOL', `the token service ${host} answered with ${what}`, {
    detail: { registry: host, retryable: false },
    ...defined({ cause }),
  });
}
