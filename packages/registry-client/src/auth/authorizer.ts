import { defined, quote, singleFlight } from '@notarykit/common/internal';
import type { Credential, CredentialProvider } from '../credential.js';
import { RegistryError } from '../errors.js';
import type { RegistryRequest, RegistryResponse, Send } from '../http/message.js';
import { checkRealm } from '../http/origin.js';
import type { KnownSecrets } from '../secrets/known.js';
import { type Account, createAccount } from './account.js';
import { type Challenge, chooseChallenge, parseChallenges } from './challenge.js';
import { coversScopes, foreignScopes, mergeScopes, narrowScopes, scopesToAsk } from './scope.js';
import { basic, requestToken, type Token, type TokenRequest } from './token.js';

/** What the authorizer of one endpoint knows: it is never shared with another endpoint, even of the same host. */
export interface AuthorizerContext {
  /** As the caller named it: credentials are looked up by it. */
  readonly registry: string;
  readonly origin: string;
  readonly credentials: CredentialProvider;
  readonly realmHosts: readonly string[] | undefined;
  /** Whether a challenge may name repositories that were not asked for. */
  readonly foreignScopes: boolean;
  readonly secrets: KnownSecrets;
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
  /** The authorization that answers a refusal; `undefined` when there is none to offer. */
  answer(request: RegistryRequest, response: RegistryResponse, tried: Tried): Promise<string | undefined>;
  /** The account whose credentials are sent, for messages. */
  account(): string | undefined;
  /** Forgets tokens and credentials. */
  signOut(): void;
}

const mostNamed = 1000;
/** Every request looks through the tokens: for a whole registry with a token for each repository they must not be kept all. */
const mostTokens = 100;

/** Whether a status may say that a request needs an authorization, or another one. */
export function isRefusal(status: number): boolean {
  return status === 401 || status === 403 || status === 400;
}

/** Creates the authorizer of an endpoint. */
export function createAuthorizer(context: AuthorizerContext): Authorizer {
  return new EndpointAuthorizer(context);
}

class EndpointAuthorizer implements Authorizer {
  readonly #context: AuthorizerContext;
  readonly #account: Account;
  readonly #share = singleFlight<Token>();
  #known: Challenge | undefined;
  /** What the token service gave to be used in place of the password. */
  #refreshToken: string | undefined;
  #tokens: Token[] = [];
  /** By our scopes, those that the registry named in their place. */
  readonly #named = new Map<string, readonly string[]>();
  /** Requests for which a token was asked already: a new one would be refused as well. */
  readonly #asked = new WeakSet<RegistryRequest>();
  /** How many tokens were asked for to answer the refusals of a request. */
  readonly #answers = new WeakMap<RegistryRequest, number>();

  constructor(context: AuthorizerContext) {
    this.#context = context;
    this.#account = createAccount(context.registry, context.credentials, context.secrets.credential);
  }

  async authorize(request: RegistryRequest): Promise<string | undefined> {
    if (this.#known === undefined || request.scopes === undefined) return undefined;
    const fixed = fixedAnswer(this.#known, await this.#account.credential(request.signal));
    if (fixed !== 'token') return fixed;
    const scopes = this.#named.get(request.scopes.join(' ')) ?? mergeScopes(request.scopes);
    return this.#cached(request, scopes) ?? (await this.#fetch(request, this.#known, scopes));
  }

  /** What answers a refusal: 401, but also the 400 and 403 of registries that say so of credentials that have ended. */
  async answer(request: RegistryRequest, response: RegistryResponse, tried: Tried): Promise<string | undefined> {
    if (request.scopes === undefined || !isRefusal(response.status)) return undefined;
    const challenge = chooseChallenge(parseChallenges(response.headers.get('www-authenticate')));
    const demanded = response.status === 401 || (response.status === 403 && tried.sent === undefined);
    if (challenge !== undefined && demanded) return await this.#answerChallenge(request, challenge, tried);
    // A first request goes without credentials: where they have ended, the 403 that says so answers the second.
    const last = response.status === 403 ? 1 : 0;
    return tried.sent === undefined || tried.attempt > last
      ? undefined
      : await this.#replace(request, tried.sent, response.status);
  }

  account(): string | undefined {
    return this.#account.name();
  }

  signOut(): void {
    this.#known = undefined;
    this.#refreshToken = undefined;
    this.#tokens = [];
    this.#account.forget();
  }

  async #answerChallenge(
    request: RegistryRequest & { readonly scopes?: readonly string[] },
    challenge: Challenge,
    { sent, attempt }: Tried,
  ): Promise<string | undefined> {
    const wanted = request.scopes ?? [];
    this.#known = challenge;
    const fixed = fixedAnswer(challenge, await this.#account.credential(request.signal));
    if (fixed !== 'token') return fixed === sent ? await this.#renewed(request, challenge, attempt) : fixed;
    const said = challenge.params['scope'];
    const asked = scopesToAsk(wanted, said);
    const tokens = this.#answers.get(request) ?? 0;
    // Some services honour one scope only: with several refused, only the scope of the challenge is requested, once.
    const scopes = this.#challengeScopes(request, said) ?? (tokens === 0 ? asked : narrowScopes(wanted, said));
    if (tokens > 1 || (tokens === 1 && (scopes.length === 0 || asked.length === 1))) return undefined;
    // Another request may have renewed the token while this one was under way; that one may have ended, too.
    const cached = attempt === 0 ? this.#cached(request, scopes) : undefined;
    if (cached !== undefined && cached !== sent) return cached;
    this.#drop(sent);
    this.#answers.set(request, tokens + 1);
    return await this.#fetch(request, challenge, scopes);
  }

  /** Refused without a challenge that says how to do better: what has ended is replaced, once. */
  async #replace(request: RegistryRequest, sent: string, status: number): Promise<string | undefined> {
    if (this.#known === undefined) return undefined;
    if (fixedAnswer(this.#known, await this.#account.credential(request.signal)) !== 'token')
      return status === 400 ? undefined : await this.#renewed(request, this.#known, 0);
    // A 403 of a registry with tokens is about rights, and a token that was asked for just now has not ended.
    if (status === 403 || this.#asked.has(request)) return undefined;
    this.#drop(sent);
    return await this.#fetch(request, this.#known, mergeScopes(request.scopes ?? []));
  }

  /** What a gateway names in place of our scopes, where that is allowed; remembered, so that it is said once. */
  #challengeScopes({ scopes = [] }: RegistryRequest, challenge: string | undefined): readonly string[] | undefined {
    const named = this.#context.foreignScopes ? foreignScopes(scopes, challenge) : [];
    if (named.length === 0) return undefined;
    if (this.#named.size >= mostNamed) this.#named.clear();
    this.#named.set(scopes.join(' '), named);
    return named;
  }

  async #renewed({ signal }: RegistryRequest, challenge: Challenge, attempt: number): Promise<string | undefined> {
    if (attempt > 1) return undefined;
    const found = await this.#account.renew(await this.#account.credential(signal), signal);
    const fixed = found === undefined ? undefined : fixedAnswer(challenge, found);
    return fixed === 'token' ? undefined : fixed;
  }

  #cached(request: RegistryRequest, scopes: readonly string[]): string | undefined {
    const token = this.#tokens.find((each) => usable(each, request) && coversScopes(each.scopes, scopes));
    return token && `Bearer ${token.value}`;
  }

  #drop(sent: string | undefined): void {
    this.#tokens = this.#tokens.filter((token) => `Bearer ${token.value}` !== sent);
  }

  async #fetch(request: RegistryRequest, challenge: Challenge, scopes: readonly string[]): Promise<string> {
    this.#asked.add(request);
    const { service } = challenge.params;
    const realm = realmOf(this.#context, challenge);
    const work = async (signal: AbortSignal): Promise<Token> =>
      this.#keep(await this.#request({ realm, scopes, signal, ...defined({ service }) }));
    const call = defined({ signal: request.signal });
    return `Bearer ${(await this.#share(`${realm} ${service} ${scopes.join(' ')}`, work, call)).value}`;
  }

  /** With the service's own refresh token, then with the credentials, then with those that the provider has in their place. */
  async #request(asked: Omit<TokenRequest, 'credential'>): Promise<Token> {
    const held = await this.#account.credential(asked.signal);
    const refreshToken = this.#refreshToken;
    const tries: (() => Promise<Credential | undefined> | Credential | undefined)[] = [
      () => (refreshToken === undefined ? held : { ...held, refreshToken }),
      () => (refreshToken === undefined ? undefined : held),
      () => this.#account.renew(held, asked.signal),
    ];
    let refusal: unknown;
    for (const [i, next] of tries.entries()) {
      const credential = await next();
      if (i > 0 && credential === undefined) continue;
      try {
        return await requestToken(this.#context.send, { ...asked, credential });
      } catch (cause) {
        refusal = refused(this.#context, asked.realm, this.account(), cause);
        if (refusal === cause) throw cause;
        this.#refreshToken = undefined;
      }
    }
    throw refusal;
  }

  #keep(token: Token): Token {
    this.#context.secrets.token(token.value);
    this.#context.secrets.token(token.refreshToken);
    this.#refreshToken = token.refreshToken ?? this.#refreshToken;
    const others = this.#tokens.filter(
      (old) => old.expires > performance.now() && !coversScopes(token.scopes, old.scopes),
    );
    this.#tokens = [...others.slice(1 - mostTokens), token];
    return token;
  }
}

/** What is sent without asking a token service; `token` where one must be asked. */
function fixedAnswer(challenge: Challenge, credential: Credential | undefined): string | undefined {
  if (credential?.accessToken !== undefined) return `Bearer ${credential.accessToken}`;
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
        ...defined({ account }),
      },
    },
  );
}
