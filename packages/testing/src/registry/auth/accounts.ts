import { decodeBase64, decodeUtf8, isCodedError } from '@notarykit/common/internal';
import { Refusal } from '../http/answers.js';
import type { Rights } from './access.js';

/** A user of the registry. */
export interface RegistryAccount {
  readonly username: string;
  readonly password: string;
  /** Default: everything everywhere. */
  readonly rights?: Rights;
  /** A refresh token that stands for the account, as cloud registries give out. */
  readonly identityToken?: string;
}

/** How the registry asks who is there. */
export interface RegistryAuth {
  /** `basic`: a password with each request. `token`: a Bearer token from a token server (distribution token specification). */
  readonly scheme: 'basic' | 'token';
  readonly accounts: readonly RegistryAccount[];
  /** What may be done without an account. Default: nothing. */
  readonly anonymous?: Rights;
  /** URL of the token server as the challenge names it. Default: `/token` of the registry itself. */
  readonly realm?: string;
  /** Service as the challenge names it. Default `embedded-registry`. */
  readonly service?: string;
  /** Seconds that a token lives. Default 300. */
  readonly tokenLifeSeconds?: number;
  /** Whether the token server takes POST (OAuth 2). Default true; false answers 404. */
  readonly oauth2?: boolean;
  /** Whether each use of a refresh token gives a new one in its place. Default false. */
  readonly rotateRefreshTokens?: boolean;
  /** Most scopes that one token carries; the others are left out without an error, as some servers do. Default: all. */
  readonly maxScopes?: number;
}

/** The rights of an account. */
export function rightsOf(account: RegistryAccount): Rights {
  return account.rights ?? { '*': ['pull', 'push', 'delete'] };
}

/** The account of a `Basic` authorization; `undefined` when the header is of another scheme. */
export function basicAccount(header: string, accounts: readonly RegistryAccount[]): RegistryAccount | undefined {
  const match = /^basic +(.*)$/i.exec(header);
  if (match === null) return undefined;
  const text = decode(match[1] ?? '');
  const colon = text.indexOf(':');
  return accountOf(accounts, text.slice(0, Math.max(colon, 0)), text.slice(colon + 1));
}

/** The account of a name and password. */
export function accountOf(accounts: readonly RegistryAccount[], username: string, password: string): RegistryAccount {
  const account = accounts.find((one) => one.username === username && one.password === password);
  if (account === undefined) throw new Refusal(401, 'UNAUTHORIZED', 'unknown user or wrong password');
  return account;
}

function decode(base64: string): string {
  try {
    return decodeUtf8(decodeBase64(base64.trim()));
  } catch (error) {
    if (isCodedError(error)) throw new Refusal(401, 'UNAUTHORIZED', 'the Basic credentials are not base64');
    throw error;
  }
}
