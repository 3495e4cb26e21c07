import { quote, singleFlight } from '@notarykit/common';
import { RegistryError } from '../errors.js';
import type { RegistryRequest, RegistryResponse, Send } from '../http/message.js';
import { checkRealm } from '../http/origin.js';
import { type Challenge, chooseChallenge, parseChallenges } from './challenge.js';
import { accountOf, type Credential, type CredentialProvider } from './credential.js';
import { coversScopes, mergeScopes, narrowScopes, scopesToAsk } from './scope.js';
import { basic, requestToken, type Token } from './token.js';

/** What the authorizer of one endpoint knows: it is never shared with another endpoint, even of the same host. */
export interface AuthorizerContext {
  /** As the caller named it: credentials are looked up by it. */
  readonly registry: string;
  readonly origin: string;
  readonly credentials: CredentialProvider;
  readonly realmHosts: readonly string[] | undefined;
  /** The pipeline for token requests: retries, no redirects, no authorization. */
  readonly send: Send;
}

/** What was tried for a request before its 401. */
export interface Tried {
  readonly sent: string | undefined;
  /** How many 401 this request got before. */
  readonly attempt: number;
}

/** Adds and renews the authorization of requests to one endpoint. */
export interface Authorizer {
  /** The `Authorization` to send, as far as it is known without asking the registry. */
  authorize(request: RegistryRequest): Promise<string | undefined>;
  /** The authorization that answers a 401; `undefined` when there is none to offer. */
  answer(request: RegistryRequest, response: RegistryResponse, tried: Tried): Promise<string | undefined>;
  /** The account whose credentials are sent, for messages. */
  account(): string | undefined;
  /** Forgets tokens and credentials. */
  signOut(): void;
}

/** Creates the authorizer of an endpoint. */
export function createAuthorizer(context: AuthorizerContext): Authorizer {
  let known: Challenge | undefined;
  let credential: Promise<Credential | undefined> | undefined;
  let account: string | undefined;
  let refreshToken: string | undefined;
  let tokens: Token[] = [];
  const flights = singleFlight<Token>();

  const credentials = async (signal?: AbortSignal): Promise<Credential | undefined> => {
    credential ??= context.credentials
      .get({ registry: context.registry, ...(signal === undefined ? {} : { signal }) })
      .catch((error: unknown) => {
        credential = undefined;
        throw error;
      });
    const found = await credential;
    account = accountOf(found);
    return found !== undefined && refreshToken !== undefined ? { ...found, refreshToken } : found;
  };

  const fetchToken = async (challenge: Challenge, scopes: readonly string[], signal?: AbortSignal): Promise<Token> => {
    const { service } = challenge.params;
    const realm = realmOf(context, challenge);
    const work = async (): Promise<Token> => {
      const found = await credentials();
      const token = await requestToken(context.send, {
        realm,
        scopes,
        credential: found,
        ...(service === undefined ? {} : { service }),
      }).catch((cause: unknown) => {
        throw refused(context, realm, account, cause);
      });
      refreshToken = token.refreshToken ?? refreshToken;
      tokens = [
        ...tokens.filter((old) => old.expires > performance.now() && !coversScopes(token.scopes, old.scopes)),
        token,
      ];
      return token;
    };
    return await flights(`${realm} ${service} ${scopes.join(' ')}`, work, signal === undefined ? {} : { signal });
  };

  return {
    async authorize(request) {
      if (known === undefined || request.scopes === undefined) return undefined;
      const found = await credentials(request.signal);
      if (found?.accessToken !== undefined) return `Bearer ${found.accessToken}`;
      if (known.scheme === 'basic') return found?.username === undefined ? undefined : basic(found);
      const { scopes } = request;
      const cached = tokens.find((token) => usable(token, request) && coversScopes(token.scopes, scopes));
      return `Bearer ${(cached ?? (await fetchToken(known, mergeScopes(scopes), request.signal))).value}`;
    },
    async answer(request, response, { sent, attempt }) {
      const challenge = chooseChallenge(parseChallenges(response.headers.get('www-authenticate')));
      if (challenge === undefined || request.scopes === undefined) return undefined;
      known = challenge;
      const found = await credentials(request.signal);
      const fixed = found?.accessToken !== undefined ? `Bearer ${found.accessToken}` : fixedAnswer(challenge, found);
      if (fixed !== 'token') return fixed === sent ? undefined : fixed;
      const asked = scopesToAsk(request.scopes, challenge.params['scope']);
      // Some services honour one scope only: with several refused, the challenge's own is asked for alone, once.
      const scopes = attempt === 0 ? asked : narrowScopes(request.scopes, challenge.params['scope']);
      if (attempt > 1 || (attempt === 1 && (scopes.length === 0 || asked.length === 1))) return undefined;
      // Another request may have renewed the token while this one was under way.
      const renewed = tokens.find((token) => usable(token, request) && coversScopes(token.scopes, scopes));
      if (attempt === 0 && renewed !== undefined && `Bearer ${renewed.value}` !== sent)
        return `Bearer ${renewed.value}`;
      tokens = tokens.filter((token) => token !== renewed);
      return `Bearer ${(await fetchToken(challenge, scopes, request.signal)).value}`;
    },
    account: () => account,
    signOut() {
      known = undefined;
      credential = undefined;
      account = undefined;
      refreshToken = undefined;
      tokens = [];
    },
  };
}

function fixedAnswer(challenge: Challenge, credential: Credential | undefined): string | undefined {
  if (challenge.scheme !== 'basic') return 'token';
  return credential?.username === undefined ? undefined : basic(credential);
}

/** Before an upload a token must last a while: a body that was consumed is expensive to send again. */
function usable(token: Token, request: RegistryRequest): boolean {
  const margin = request.kind === 'upload' ? Math.min(30_000, token.life / 4) : 0;
  return token.expires > performance.now() + margin;
}

function realmOf(context: AuthorizerContext, challenge: Challenge): string {
  const realm = challenge.params['realm'] ?? '';
  const verdict = checkRealm(context.origin, realm, context.realmHosts);
  if (verdict.ok) return verdict.url;
  throw new RegistryError(
    'ERR_REGISTRY_UNAUTHORIZED',
    `${context.registry} names the token service ${quote(realm.split('?')[0])}, which ${verdict.why}: nothing was sent to it (option realmHosts lists the hosts that are allowed)`,
    { detail: { registry: context.registry, retryable: false } },
  );
}

function refused(context: AuthorizerContext, realm: string, account: string | undefined, cause: unknown): unknown {
  const detail = cause instanceof RegistryError ? cause.detail : undefined;
  const status = detail?.status ?? 0;
  if (status < 400 || status >= 500 || status === 429 || status === 408) return cause;
  const who = account === undefined ? 'anonymous access' : `account ${quote(account)}`;
  return new RegistryError(
    'ERR_REGISTRY_UNAUTHORIZED',
    `${context.registry}: its token service ${new URL(realm).host} refused ${who} with status ${status}`,
    {
      cause,
      detail: {
        ...detail,
        registry: context.registry,
        retryable: false,
        ...(account === undefined ? {} : { account }),
      },
    },
  );
}
