import { randomBytes, randomUUID } from 'node:crypto';
import type { Access, RegistryAction } from './access.js';
import { accessOf } from './access.js';
import { type RegistryAccount, type RegistryAuth, rightsOf } from './accounts.js';
import { parseScope } from './scope.js';

/** Tokens of a registry: signed, verified, and refresh tokens, which it remembers. */
export interface TokenIssuer {
  issue(
    account: RegistryAccount | undefined,
    scopes: readonly string[],
  ): Promise<{ token: string; scopes: readonly string[] }>;
  /** The access of a token; `undefined` when this registry did not sign it, or it has expired. */
  find(token: string): Promise<Access | undefined>;
  /** A refresh token for an account; in place of the one used when they rotate. */
  refreshToken(account: RegistryAccount, used?: string): string;
  refreshed(token: string): RegistryAccount | undefined;
}

/** What a token grants in one repository (distribution, "Token Authentication Implementation", "Access"). */
interface Granted {
  readonly type: 'repository';
  readonly name: string;
  readonly actions: readonly RegistryAction[];
}

const actions: readonly RegistryAction[] = ['pull', 'push', 'delete'];
const alg = 'ES256';

/** The tokens of one registry: JWTs under its own key, as the token servers of registries give out. */
export function tokenIssuer(auth: RegistryAuth, now: () => number): TokenIssuer {
  const refresh = new Map<string, RegistryAccount>();
  for (const account of auth.accounts) if (account.identityToken) refresh.set(account.identityToken, account);
  const audience = serviceOf(auth);
  const issuer = `${audience}/token`;
  // Most registries of a test run give out no token: neither the library nor a key is made for them.
  let loaded: ReturnType<typeof loadKeys> | undefined;
  const keys = (): ReturnType<typeof loadKeys> => {
    loaded ??= loadKeys();
    return loaded;
  };

  return {
    async issue(account, scopes) {
      const access = grantedTo(account, scopes.slice(0, auth.maxScopes), auth);
      const { SignJWT, privateKey } = await keys();
      const life = (auth.tokenLifeSeconds ?? 300) * 1000;
      const jwt = new SignJWT({ access })
        .setProtectedHeader({ alg, typ: 'JWT' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(Math.floor(now() / 1000))
        // Whole seconds, and never fewer than promised.
        .setExpirationTime(Math.ceil((now() + life) / 1000))
        .setJti(randomUUID());
      if (account !== undefined) jwt.setSubject(account.username);
      const token = await jwt.sign(privateKey);
      return { token, scopes: access.map((one) => `repository:${one.name}:${one.actions.join(',')}`) };
    },
    async find(token) {
      const { jwtVerify, publicKey, errors } = await keys();
      try {
        const expected = { algorithms: [alg], issuer, audience, currentDate: new Date(now()) };
        const { payload } = await jwtVerify<{ access: readonly Granted[] }>(token, publicKey, expected);
        return accessOf(payload.sub, Object.fromEntries(payload.access.map((one) => [one.name, one.actions])));
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
    refreshToken(account, used) {
      if (used !== undefined && !auth.rotateRefreshTokens) return used;
      if (used !== undefined) refresh.delete(used);
      const token = randomBytes(24).toString('base64url');
      refresh.set(token, account);
      return token;
    },
    refreshed: (token) => refresh.get(token),
  };
}

/** The service as challenges and tokens name it. */
export const serviceOf = (auth: RegistryAuth): string => auth.service ?? 'embedded-registry';

async function loadKeys() {
  const { SignJWT, jwtVerify, generateKeyPair, errors } = await import('jose');
  return { SignJWT, jwtVerify, errors, ...(await generateKeyPair(alg)) };
}

function grantedTo(account: RegistryAccount | undefined, scopes: readonly string[], auth: RegistryAuth): Granted[] {
  const rights = accessOf(account?.username, account === undefined ? (auth.anonymous ?? {}) : rightsOf(account));
  const granted = new Map<string, readonly RegistryAction[]>();
  for (const scope of scopes) {
    const wanted = parseScope(scope);
    if (wanted === undefined) continue;
    const allowed = actions.filter(
      (action) => asks(wanted.actions, action) && rights.allows(wanted.repository, action),
    );
    granted.set(wanted.repository, [...(granted.get(wanted.repository) ?? []), ...allowed]);
  }
  return [...granted].map(([name, list]) => ({ type: 'repository', name, actions: list }));
}

function asks(wanted: readonly string[], action: RegistryAction): boolean {
  return wanted.includes(action) || wanted.includes('*');
}
