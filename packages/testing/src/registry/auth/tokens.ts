import { randomBytes } from 'node:crypto';
import type { Access, RegistryAction } from './access.js';
import { accessOf } from './access.js';
import { type RegistryAccount, type RegistryAuth, rightsOf } from './accounts.js';
import { parseScope } from './scope.js';

/** A token that was given out. */
interface Grant {
  readonly access: Access;
  readonly expiresAt: number;
}

/** Tokens of a registry: made, looked up, forgotten. */
export interface TokenIssuer {
  issue(account: RegistryAccount | undefined, scopes: readonly string[]): { token: string; scopes: readonly string[] };
  /** The access of a token; `undefined` when it is unknown or has expired. */
  find(token: string): Access | undefined;
  /** A refresh token for an account; in place of the one used when they rotate. */
  refreshToken(account: RegistryAccount, used?: string): string;
  refreshed(token: string): RegistryAccount | undefined;
}

const actions: readonly RegistryAction[] = ['pull', 'push', 'delete'];

/** The tokens of one registry. */
export function tokenIssuer(auth: RegistryAuth, now: () => number): TokenIssuer {
  const grants = new Map<string, Grant>();
  const refresh = new Map<string, RegistryAccount>();
  for (const account of auth.accounts) if (account.identityToken) refresh.set(account.identityToken, account);

  // All live equally long, so that the oldest are the first to end; a clock that was set back keeps a few for longer.
  const forgetExpired = (): void => {
    for (const [token, { expiresAt }] of grants) {
      if (expiresAt > now()) break;
      grants.delete(token);
    }
  };
  let cleaning: NodeJS.Timeout | undefined;
  /** Expired tokens are also removed when no request comes. */
  const cleanAfter = (life: number): void => {
    if (cleaning !== undefined) return;
    cleaning = setTimeout(
      () => {
        cleaning = undefined;
        forgetExpired();
        if (grants.size > 0) cleanAfter(life);
      },
      Math.min(Math.max(life, 1000), 60_000),
    ).unref();
  };

  return {
    issue(account, scopes) {
      const rights = accessOf(account?.username, account === undefined ? (auth.anonymous ?? {}) : rightsOf(account));
      const granted = new Map<string, readonly RegistryAction[]>();
      for (const scope of scopes.slice(0, auth.maxScopes)) {
        const wanted = parseScope(scope);
        if (wanted === undefined) continue;
        const allowed = actions.filter(
          (action) => asks(wanted.actions, action) && rights.allows(wanted.repository, action),
        );
        granted.set(wanted.repository, [...(granted.get(wanted.repository) ?? []), ...allowed]);
      }
      forgetExpired();
      const token = secret();
      const life = (auth.tokenLifeSeconds ?? 300) * 1000;
      cleanAfter(life);
      grants.set(token, { access: accessOf(account?.username, Object.fromEntries(granted)), expiresAt: now() + life });
      return { token, scopes: [...granted].map(([name, list]) => `repository:${name}:${list.join(',')}`) };
    },
    find(token) {
      const grant = grants.get(token);
      return grant !== undefined && grant.expiresAt > now() ? grant.access : undefined;
    },
    refreshToken(account, used) {
      if (used !== undefined && !auth.rotateRefreshTokens) return used;
      if (used !== undefined) refresh.delete(used);
      const token = secret();
      refresh.set(token, account);
      return token;
    },
    refreshed: (token) => refresh.get(token),
  };
}

function asks(wanted: readonly string[], action: RegistryAction): boolean {
  return wanted.includes(action) || wanted.includes('*');
}

function secret(): string {
  return randomBytes(24).toString('base64url');
}
