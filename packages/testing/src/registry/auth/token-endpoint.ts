import { decodeUtf8, defined } from '@notarykit/common/internal';
import { jsonAnswer, Refusal } from '../http/answers.js';
import { readBody } from '../http/bodies.js';
import type { Answer, RegistryRequest } from '../http/exchange.js';
import { accountOf, basicAccount, type RegistryAccount, type RegistryAuth } from './accounts.js';
import type { TokenIssuer } from './tokens.js';

const maxForm = 64 * 1024;

/** The token server: GET with Basic or anonymous, POST with a form (distribution, "Token Authentication" and "OAuth2"). */
export async function tokenEndpoint(
  request: RegistryRequest,
  auth: RegistryAuth,
  issuer: TokenIssuer,
): Promise<Answer> {
  if (request.method === 'GET') return byGet(request, auth, issuer);
  if (request.method !== 'POST' || auth.oauth2 === false)
    throw new Refusal(404, 'UNSUPPORTED', 'only GET is served here');
  return byPost(request, auth, issuer);
}

async function byGet(request: RegistryRequest, auth: RegistryAuth, issuer: TokenIssuer): Promise<Answer> {
  const header = request.headers.get('authorization');
  const account = header === null ? undefined : basicAccount(header, auth.accounts);
  const query = request.url.searchParams;
  const { token } = await issuer.issue(account, query.getAll('scope').flatMap(split));
  const offline = query.get('offline_token') === 'true' && account !== undefined;
  return tokenAnswer(auth, { token, access_token: token }, offline ? issuer.refreshToken(account) : undefined);
}

async function byPost(request: RegistryRequest, auth: RegistryAuth, issuer: TokenIssuer): Promise<Answer> {
  const form = new URLSearchParams(decodeUtf8(await readBody(request.body, maxForm)));
  const { account, refresh } = authenticate(form, auth, issuer);
  const { token, scopes } = await issuer.issue(account, split(form.get('scope') ?? ''));
  return tokenAnswer(auth, { access_token: token, scope: scopes.join(' ') }, refresh);
}

function authenticate(
  form: URLSearchParams,
  auth: RegistryAuth,
  issuer: TokenIssuer,
): { account: RegistryAccount; refresh: string | undefined } {
  switch (form.get('grant_type')) {
    case 'password': {
      const account = accountOf(auth.accounts, form.get('username') ?? '', form.get('password') ?? '');
      return { account, refresh: form.get('access_type') === 'offline' ? issuer.refreshToken(account) : undefined };
    }
    case 'refresh_token': {
      const used = form.get('refresh_token') ?? '';
      const account = issuer.refreshed(used);
      if (account === undefined) throw new Refusal(401, 'UNAUTHORIZED', 'the refresh token is not known');
      return { account, refresh: issuer.refreshToken(account, used) };
    }
    default:
      throw new Refusal(400, 'UNSUPPORTED', 'expected grant_type password or refresh_token');
  }
}

function tokenAnswer(auth: RegistryAuth, token: Record<string, string>, refresh: string | undefined): Answer {
  const life = { expires_in: auth.tokenLifeSeconds ?? 300, issued_at: new Date().toISOString() };
  return jsonAnswer(200, { ...token, ...life, ...defined({ refresh_token: refresh }) });
}

function split(scopes: string): string[] {
  return scopes.split(' ').filter((scope) => scope !== '');
}
