import {
  defined,
  type Fetch,
  isJsonObject,
  type JsonObject,
  secretsOfFetch,
  singleFlight,
  withoutSecrets,
} from '@notarykit/common/internal';
import { SignerError, type SignerErrorReason } from '@notarykit/signature-envelope/internal';
import { exchangeJson, type JsonAnswer } from '../remote/json-exchange.js';
import { serviceUrl } from '../remote/service-url.js';

/** The members that are used of a service account's key file (JSON); others are ignored. */
export interface GcpServiceAccount {
  readonly client_email: string;
  /** PKCS#8, PEM. */
  readonly private_key: string;
  readonly private_key_id?: string;
  /** Where access tokens come from. Default `https://oauth2.googleapis.com/token`. */
  readonly token_uri?: string;
}

/** How an account asks for tokens. */
export interface ServiceAccountOptions {
  readonly fetch: Fetch;
  readonly serviceAccount: GcpServiceAccount;
  readonly plainHttp?: boolean | undefined;
  readonly now?: (() => Date) | undefined;
}

interface Access {
  readonly token: string;
  /** Milliseconds of the clock. */
  readonly until: number;
}

const scope = 'https://www.googleapis.com/auth/cloudkms';
const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const lifeSeconds = 3600;

/**
 * Access tokens for an assertion that the account's key signs (RFC 7523). One is used until shortly before it expires, and all calls
 * that need a new one wait for the same.
 *
 * @throws {SignerError} `invalid-request` for a file that is not a key file, `bad-key` for a key that cannot sign, `unauthenticated` when Google
 * refuses
 */
export function serviceAccountTokens(options: ServiceAccountOptions): (signal?: AbortSignal) => Promise<string> {
  const now = (): number => (options.now?.() ?? new Date()).getTime();
  const flight = singleFlight<Access>();
  let access: Access | undefined;
  const renew = async (signal: AbortSignal): Promise<Access> => {
    access = await requestAccess(options, now, signal);
    return access;
  };
  return async (signal) => {
    if (access !== undefined && now() < access.until) return access.token;
    return (await flight('token', renew, defined({ signal }))).token;
  };
}

async function requestAccess(options: ServiceAccountOptions, now: () => number, signal: AbortSignal): Promise<Access> {
  const { fetch, plainHttp = false } = options;
  const account = checkAccount(options.serviceAccount);
  const url = serviceUrl({ address: account.token_uri, plainHttp }, 'gcp-kms');
  const assertion = await assertionOf(account, now());
  const secrets = (): string[] => [assertion, account.private_key, ...secretsOfFetch(fetch)];
  return withoutSecrets(secrets, async () => {
    const form = { grant_type: grantType, assertion };
    const fail: Fail = (reason, message, ...more) =>
      refusal(reason, `no access token from ${url}: ${message}`, ...more);
    return accessIn(await exchangeJson({ fetch, url, headers: {}, form, signal, fail }), now(), fail);
  });
}

/** RFC 7523, 2.1 and 3, signed as Google demands: RS256. */
async function assertionOf(account: Required<GcpServiceAccount>, now: number): Promise<string> {
  const { importPKCS8, SignJWT } = await import('jose');
  const issuedAt = Math.floor(now / 1000);
  try {
    const key = await importPKCS8(account.private_key.trim(), 'RS256');
    const header = {
      alg: 'RS256',
      typ: 'JWT',
      ...(account.private_key_id === '' ? {} : { kid: account.private_key_id }),
    };
    return await new SignJWT({ scope })
      .setProtectedHeader(header)
      .setIssuer(account.client_email)
      .setAudience(account.token_uri)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + lifeSeconds)
      .sign(key);
  } catch {
    // No cause: an error of the platform could quote the key.
    throw refusal('bad-key', 'serviceAccount.private_key: expected an RSA key in PKCS#8, PEM, of at least 2048 bits');
  }
}

function checkAccount(account: GcpServiceAccount): Required<GcpServiceAccount> {
  const members = (account ?? {}) as { readonly [K in keyof GcpServiceAccount]?: unknown };
  const text = (name: keyof GcpServiceAccount, missing?: string): string => {
    const value = members[name] ?? missing;
    if (typeof value === 'string') return value;
    throw refusal('invalid-request', `serviceAccount.${name}: expected a string, found ${typeof value}`);
  };
  return {
    client_email: text('client_email'),
    private_key: text('private_key'),
    private_key_id: text('private_key_id', ''),
    token_uri: text('token_uri', 'https://oauth2.googleapis.com/token'),
  };
}

function accessIn({ status, answer, retryAfterMs }: JsonAnswer, now: number, fail: Fail): Access {
  const { access_token: token, expires_in: seconds } = answer;
  if (status === 429) throw fail('throttled', 'HTTP 429', undefined, retryAfterMs);
  if (status >= 500) throw fail('unavailable', `HTTP ${status}`, undefined, retryAfterMs);
  if (status !== 200) throw fail('unauthenticated', `HTTP ${status}: ${reasonIn(answer)}`);
  if (typeof token !== 'string' || token === '') throw fail('unauthenticated', 'the answer has no access_token');
  // A tenth early, so that a token does not expire on its way; one without a life is used once.
  return { token, until: now + (typeof seconds === 'number' ? seconds * 900 : 0) };
}

/** RFC 6749, 5.2. */
function reasonIn({ error, error_description: description }: JsonObject): string {
  const reason = isJsonObject(error) ? error['message'] : (description ?? error);
  return typeof reason === 'string' ? reason : 'no reason given';
}

type Fail = (reason: SignerErrorReason, message: string, cause?: unknown, retryAfterMs?: number) => SignerError;

const refusal: Fail = (reason, message, cause, retryAfterMs) =>
  new SignerError(message, { reason, provider: 'gcp-kms', ...defined({ retryAfterMs }) }, defined({ cause }));
