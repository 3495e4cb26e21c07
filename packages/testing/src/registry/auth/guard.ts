import { Refusal } from '../http/answers.js';
import type { RegistryRequest } from '../http/exchange.js';
import type { Route } from '../http/route.js';
import { type Access, accessOf, openAccess } from './access.js';
import { basicAccount, type RegistryAuth, rightsOf } from './accounts.js';
import { type Need, needOf, scopesOf } from './scope.js';
import { serviceOf, type TokenIssuer } from './tokens.js';

/** Lets a request in and says who it is from, or refuses it with a challenge (RFC 9110, 11.6). */
export async function admit(
  request: RegistryRequest,
  route: Route,
  auth: RegistryAuth | undefined,
  issuer: TokenIssuer | undefined,
): Promise<Access> {
  if (auth === undefined || issuer === undefined) return openAccess;
  const need = needOf(request, route);
  return auth.scheme === 'basic' ? byPassword(request, need, auth) : byToken(request, need, auth, issuer);
}

function byPassword(request: RegistryRequest, need: Need | undefined, auth: RegistryAuth): Access {
  const header = request.headers.get('authorization');
  const challenge = { 'WWW-Authenticate': `Basic realm="${serviceOf(auth)}"` };
  const account = header === null ? undefined : withChallenge(challenge, () => basicAccount(header, auth.accounts));
  const access = accessOf(account?.username, account === undefined ? (auth.anonymous ?? {}) : rightsOf(account));
  if (need === undefined ? account !== undefined : access.allows(need.repository, need.action)) return access;
  if (account === undefined) throw new Refusal(401, 'UNAUTHORIZED', 'this needs an account', challenge);
  throw new Refusal(403, 'DENIED', `${account.username} may not ${need?.action} ${need?.repository}`);
}

async function byToken(
  request: RegistryRequest,
  need: Need | undefined,
  auth: RegistryAuth,
  issuer: TokenIssuer,
): Promise<Access> {
  const [, token] = /^bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '') ?? [];
  const access = token === undefined ? undefined : await issuer.find(token);
  if (access !== undefined && (need === undefined || access.allows(need.repository, need.action))) return access;
  const error = access !== undefined ? 'insufficient_scope' : token !== undefined ? 'invalid_token' : undefined;
  throw new Refusal(401, 'UNAUTHORIZED', 'this needs a token of the right scope', {
    'WWW-Authenticate': bearerChallenge(request, need, auth, error),
  });
}

function bearerChallenge(
  request: RegistryRequest,
  need: Need | undefined,
  auth: RegistryAuth,
  error: string | undefined,
): string {
  const realm = auth.realm ?? new URL('/token', request.url).href;
  const parts = [`realm="${realm}"`, `service="${serviceOf(auth)}"`];
  if (need !== undefined) parts.push(`scope="${scopesOf(request, need)}"`);
  if (error !== undefined) parts.push(`error="${error}"`);
  return `Bearer ${parts.join(',')}`;
}

/** Wrong credentials are answered with the challenge again, as RFC 9110, 15.5.2 wants it. */
function withChallenge<T>(challenge: Record<string, string>, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof Refusal) throw new Refusal(error.status, error.code, error.message, challenge);
    throw error;
  }
}
