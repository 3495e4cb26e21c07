import { type Fetch, isJsonObject, type JsonObject, parseJson, readBytes, utf8 } from '@notarykit/common';
import { ActionError } from '../action/errors.js';

/** The identity that requests access, and how. */
export interface GoogleAccessOptions {
  readonly fetch: Fetch;
  /** `projects/…/workloadIdentityPools/…/providers/…` */
  readonly provider: string;
  /** The service account to act as; undefined for the federated identity itself. */
  readonly account: string | undefined;
  readonly identityToken: () => Promise<string>;
  /** Called with every token before it is used. */
  readonly keep: (token: string) => string;
}

interface Access {
  readonly token: string;
  /** Milliseconds of the clock. */
  readonly until: number;
}

const scope = 'https://www.googleapis.com/auth/cloud-platform';
const mostBytes = 1024 * 1024;

/**
 * Access tokens of Google in exchange for identity tokens (RFC 8693), and for a service account where one is named. One is used
 * until shortly before it expires. Google's client library sends the first of the two requests outside of the transport it is given.
 *
 * @throws {ActionError} `ERR_ACTION_IDENTITY`
 */
export function googleAccess(options: GoogleAccessOptions): () => Promise<string> {
  let access: Access | undefined;
  return async () => {
    if (access === undefined || Date.now() >= access.until) {
      const federated = await exchange(options);
      access = options.account === undefined ? federated : await impersonate(options, options.account, federated.token);
    }
    return access.token;
  };
}

async function exchange({ fetch, provider, identityToken, keep }: GoogleAccessOptions): Promise<Access> {
  const form = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    audience: `//iam.googleapis.com/${provider}`,
    scope,
    requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    subject_token: await identityToken(),
  });
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await post(fetch, 'https://sts.googleapis.com/v1/token', headers, form.toString());
  const seconds = answer['expires_in'];
  return accessOf(answer['access_token'], typeof seconds === 'number' ? seconds * 1000 : 0, keep);
}

async function impersonate({ fetch, keep }: GoogleAccessOptions, account: string, token: string): Promise<Access> {
  const place = `projects/-/serviceAccounts/${encodeURIComponent(account)}:generateAccessToken`;
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const url = `https://iamcredentials.googleapis.com/v1/${place}`;
  const answer = await post(fetch, url, headers, JSON.stringify({ scope: [scope] }));
  const { expireTime } = answer;
  const end = typeof expireTime === 'string' ? Date.parse(expireTime) : Number.NaN;
  return accessOf(answer['accessToken'], Number.isNaN(end) ? 0 : end - Date.now(), keep);
}

/** A tenth early, so that a token does not expire on its way. */
function accessOf(token: unknown, lastsMs: number, keep: (token: string) => string): Access {
  if (typeof token !== 'string' || token === '') throw refusal('the answer has no access token');
  return { token: keep(token), until: Date.now() + lastsMs * 0.9 };
}

async function post(fetch: Fetch, url: string, headers: Record<string, string>, text: string): Promise<JsonObject> {
  const answer = await fetch(url, { method: 'POST', headers, body: utf8(text), redirect: 'manual' });
  const bytes = answer.body === null ? new Uint8Array() : await readBytes(answer.body, { limit: mostBytes });
  const read = objectIn(bytes);
  if (answer.status !== 200) throw refusal(`HTTP ${answer.status}: ${reasonIn(read)}`);
  return read;
}

function objectIn(bytes: Uint8Array): JsonObject {
  try {
    const value = parseJson(bytes);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** RFC 6749, 5.2, and the errors of Google's other services. */
function reasonIn({ error, error_description: description }: JsonObject): string {
  const reason = isJsonObject(error) ? error['message'] : (description ?? error);
  return typeof reason === 'string' ? reason : 'no reason given';
}

function refusal(message: string): ActionError {
  return new ActionError('ERR_ACTION_IDENTITY', `Google gave no access for the identity token: ${message}`);
}
