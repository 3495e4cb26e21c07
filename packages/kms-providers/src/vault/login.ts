import { isJsonObject, type JsonObject, singleFlight } from '@notarykit/common';
import { askVault, fail, type VaultServer, type VaultTokenSource } from './http.js';

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
  const renew = async (): Promise<Lease> => {
    lease = await logIn(options, now);
    return lease;
  };
  return async ({ refused } = {}) => {
    if (lease !== undefined && lease.token !== refused && now() < lease.until) return lease.token;
    return (await flight('login', renew)).token;
  };
}

async function logIn(options: VaultLoginOptions, now: () => number): Promise<Lease> {
  const { path, credentials } = options;
  const body: JsonObject = { ...(typeof credentials === 'function' ? await credentials() : credentials) };
  const { status, answer } = await askVault(options, path, { body, keyId: path });
  const auth = isJsonObject(answer['auth']) ? answer['auth'] : {};
  const { client_token: token, lease_duration: seconds } = auth;
  if (status >= 500 || status === 429)
    throw fail(status === 429 ? 'throttled' : 'unavailable', `HTTP ${status} at ${path}`, path);
  if (typeof token !== 'string')
    throw fail('unauthenticated', `the login at ${path} was refused: HTTP ${status}`, path);
  // A tenth early, so that a token does not end on its way.
  const lasts = typeof seconds === 'number' && seconds > 0 ? seconds * 900 : Number.POSITIVE_INFINITY;
  return { token, until: now() + lasts };
}
