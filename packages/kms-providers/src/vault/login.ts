import {
  type CallOptions,
  defined,
  isJsonObject,
  type JsonObject,
  secretsOfFetch,
  singleFlight,
  untilAborted,
  withoutSecrets,
} from '@notarykit/common/internal';
import { timeLimited } from '../remote/open-once.js';
import { askVault, fail, isRedirect, statusError, type VaultServer, type VaultTokenSource, vaultPath } from './http.js';

/** Options of {@link vaultLogin}. */
export interface VaultLoginOptions extends VaultServer {
  /** Where to log in: `auth/approle/login`, `auth/kubernetes/login`, `auth/jwt/login` … */
  readonly path: string;
  /** What that asks for: `{ role_id, secret_id }`, `{ role, jwt }`; a function gives those that change. */
  readonly credentials: VaultCredentials | (() => Promise<VaultCredentials>);
  /** Default the system's clock. */
  readonly now?: () => Date;
}

/** Members of a login request. */
export type VaultCredentials = Readonly<Record<string, string>>;

interface Lease {
  readonly token: string;
  /** Milliseconds of the clock; a token without a lease never ends. */
  readonly until: number;
}

/**
 * The token of a signer that logs in for itself: at first use, before the lease ends, and when the server refuses the token.
 *
 * @throws {SignerError} from the calls that need the token; reason `unauthenticated` when the login is refused
 *
 * @example
 * ```ts
 * const server = { address: 'https://vault.wabbit-networks.io:8200', fetch };
 * const token = vaultLogin({ ...server, path: 'auth/approle/login', credentials: { role_id, secret_id } });
 * const signer = vaultSigner({ ...server, token, key: 'net-monitor' });
 * ```
 */
export function vaultLogin(options: VaultLoginOptions): VaultTokenSource {
  const now = (): number => (options.now?.() ?? new Date()).getTime();
  const flight = singleFlight<Lease>();
  let lease: Lease | undefined;
  const renew = async (signal: AbortSignal): Promise<Lease> => {
    lease = await timeLimited(options.timeoutMs, signal, (limited) => logIn(options, now, { signal: limited }));
    return lease;
  };
  return async ({ refused, signal } = {}) => {
    if (lease !== undefined && lease.token !== refused && now() < lease.until) return lease.token;
    return (await flight('login', renew, defined({ signal }))).token;
  };
}

async function logIn(options: VaultLoginOptions, now: () => number, call: Required<CallOptions>): Promise<Lease> {
  const { path } = options;
  const body = await readCredentials(options, call);
  const secrets = (): string[] => [...texts(body), ...secretsOfFetch(options.fetch)];
  const found = await withoutSecrets(secrets, () => askVault(options, vaultPath(path), { body, keyId: path, ...call }));
  const { status, answer } = found;
  if (isRedirect(status)) throw statusError(found, path);
  const auth = isJsonObject(answer['auth']) ? answer['auth'] : {};
  const { client_token: token, lease_duration: seconds } = auth;
  if (status >= 500 || status === 429)
    throw fail(status === 429 ? 'throttled' : 'unavailable', `HTTP ${status} at ${path}`, path);
  if (status !== 200) throw fail('unauthenticated', `the login at ${path} was refused: HTTP ${status}`, path);
  if (typeof token !== 'string' || token === '')
    throw fail('unauthenticated', `the answer to the login at ${path} has no token; it may want a second factor`, path);
  // A tenth early, so that a token does not end on its way.
  const lasts = typeof seconds === 'number' && seconds > 0 ? seconds * 900 : Number.POSITIVE_INFINITY;
  return { token, until: now() + lasts };
}

const texts = (body: JsonObject): string[] => Object.values(body).filter((value) => typeof value === 'string');

async function readCredentials({ credentials, path }: VaultLoginOptions, { signal }: CallOptions): Promise<JsonObject> {
  try {
    return { ...(typeof credentials === 'function' ? await untilAborted(credentials(), signal) : credentials) };
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    throw fail('unauthenticated', 'the credentials could not be obtained', path, cause);
  }
}
