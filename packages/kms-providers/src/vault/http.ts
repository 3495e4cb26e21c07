import {
  decodeUtf8,
  type Fetch,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  parseJson,
  readBytes,
  utf8,
} from '@notarykit/common';
import { SignerError, type SignerErrorReason } from '@notarykit/signature-envelope';

/** Gives a token; told which one the server has just refused, it gives another. `vaultLogin` makes one. */
export type VaultTokenSource = (options?: { readonly refused?: string }) => Promise<string>;

/** Where a Vault or OpenBao server is. */
export interface VaultServer {
  /** For example `https://vault.wabbit-networks.io:8200`. */
  readonly address: string;
  readonly namespace?: string;
  readonly fetch: Fetch;
}

/** Where a Vault or OpenBao server is and who asks. */
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

interface VaultAnswer {
  readonly status: number;
  readonly answer: JsonObject;
}

/** The `data` of an answer. */
export async function callVault(connection: VaultConnection, path: string, call: VaultCall): Promise<JsonObject> {
  const { token: source } = connection;
  const token = typeof source === 'function' ? await source() : source;
  let found = await askVault(connection, path, { ...call, token });
  if (found.status === 403 && typeof source === 'function') {
    // An expired token and a missing right look alike: only another token shows which it is.
    const renewed = await source({ refused: token });
    if (renewed !== token) found = await askVault(connection, path, { ...call, token: renewed });
  }
  if (found.status !== 200) throw statusError(found, call.keyId);
  const { data } = found.answer;
  return isJsonObject(data) ? data : {};
}

/** An answer, whatever its status. */
export async function askVault(
  { address, namespace, fetch }: VaultServer,
  path: string,
  { body, keyId, signal, token }: VaultCall & { readonly token?: string },
): Promise<VaultAnswer> {
  const response = await fetch(`${address.replace(/\/$/, '')}/v1/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { 'x-vault-token': token }),
      ...(namespace === undefined ? {} : { 'x-vault-namespace': namespace }),
    },
    ...(body === undefined ? {} : { body: utf8(JSON.stringify(body)) }),
    ...(signal === undefined ? {} : { signal }),
    // A redirect would carry the token to another host.
    redirect: 'manual',
  }).catch((cause: unknown) => {
    if (signal?.aborted) throw signal.reason;
    throw fail('unavailable', 'no answer', keyId, cause);
  });
  const text = response.body === null ? '' : decodeUtf8(await readBytes(response.body, { limit: 1024 * 1024 }));
  return { status: response.status, answer: parseAnswer(text) };
}

function parseAnswer(text: string): JsonObject {
  try {
    const answer = parseJson(text);
    return isJsonObject(answer) ? answer : {};
  } catch {
    return {};
  }
}

/** An error of this provider. */
export function fail(reason: SignerErrorReason, message: string, keyId: string, cause?: unknown): SignerError {
  return new SignerError(
    `Vault: ${message}`,
    { reason, provider: 'vault', keyId },
    cause === undefined ? {} : { cause },
  );
}

/** An answer that is none of ours, as an error. */
export function statusError({ status, answer }: VaultAnswer, keyId: string): SignerError {
  const errors = isJsonArray(answer['errors']) ? answer['errors'].filter((error) => typeof error === 'string') : [];
  const said =
    errors.join('; ') || (status < 400 ? 'a redirect; give the address of the active node' : 'no reason given');
  return fail(reasonOf(status, said), `HTTP ${status}: ${said}`, keyId);
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
  429: 'throttled',
};

function reasonOf(status: number, text: string): SignerErrorReason {
  const [, reason] = texts.find(([pattern]) => pattern.test(text)) ?? [];
  return reason ?? statuses[status] ?? (status >= 500 ? 'unavailable' : 'unknown');
}

/** A path below `/v1/`, of parts that may hold slashes. */
export const vaultPath = (...parts: readonly string[]): string =>
  parts.map((part) => part.split('/').map(encodeURIComponent).join('/')).join('/');
