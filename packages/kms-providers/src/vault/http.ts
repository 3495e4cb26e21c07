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

/** Where a Vault or OpenBao server is and who asks. */
export interface VaultConnection {
  /** For example `https://vault.wabbit-networks.io:8200`. */
  readonly address: string;
  /** A token, or a function that gives the present one. */
  readonly token: string | (() => Promise<string>);
  readonly namespace?: string;
  readonly fetch: Fetch;
}

/** The `data` of an answer. */
export async function callVault(
  connection: VaultConnection,
  path: string,
  options: { readonly body?: JsonObject; readonly keyId: string; readonly signal?: AbortSignal },
): Promise<JsonObject> {
  const { body, keyId, signal } = options;
  const token = typeof connection.token === 'function' ? await connection.token() : connection.token;
  const response = await connection
    .fetch(`${connection.address.replace(/\/$/, '')}/v1/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        'x-vault-token': token,
        'content-type': 'application/json',
        ...(connection.namespace === undefined ? {} : { 'x-vault-namespace': connection.namespace }),
      },
      ...(body === undefined ? {} : { body: utf8(JSON.stringify(body)) }),
      ...(signal === undefined ? {} : { signal }),
      // A redirect would carry the token to another host.
      redirect: 'manual',
    })
    .catch((cause: unknown) => {
      if (signal?.aborted) throw signal.reason;
      throw fail('unavailable', 'no answer', keyId, cause);
    });
  const answer = parseAnswer(
    response.body === null ? '' : decodeUtf8(await readBytes(response.body, { limit: 1024 * 1024 })),
  );
  if (response.status !== 200) throw statusError(response.status, answer, keyId);
  return isJsonObject(answer['data']) ? answer['data'] : {};
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

function statusError(status: number, answer: JsonObject, keyId: string): SignerError {
  const errors = isJsonArray(answer['errors']) ? answer['errors'].filter((error) => typeof error === 'string') : [];
  return fail(reasonOf(status, errors.join(' ')), `HTTP ${status}: ${errors.join('; ') || 'no reason given'}`, keyId);
}

function reasonOf(status: number, text: string): SignerErrorReason {
  if (status === 403) return 'access-denied';
  if (status === 429) return 'throttled';
  if (status >= 500) return 'unavailable';
  if (status === 404 || /not found/.test(text)) return 'key-not-found';
  if (/does not support signing/.test(text)) return 'wrong-key-usage';
  return /deleted|min_encryption_version|disallowed/.test(text) ? 'key-disabled' : 'unknown';
}
