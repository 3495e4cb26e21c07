import { getIDToken } from '@actions/core';
import { ActionError } from '../action/errors.js';
import type { Secrets } from '../action/secrets.js';

/** How long a token is reused, in milliseconds; GitHub's are valid for five minutes. */
const reusedMs = 60_000;

/**
 * Identity tokens of this run, which GitHub signs for one audience. Azure's client asks before each of its requests, so a token is
 * reused for a minute.
 *
 * @throws {ActionError} `ERR_ACTION_IDENTITY` for a job without the permission, and when GitHub issues none
 */
export function identityTokens(secrets: Secrets): (audience: string) => Promise<string> {
  const given = new Map<string, { readonly token: Promise<string>; readonly until: number }>();
  return (audience) => {
    const known = given.get(audience);
    if (known !== undefined && performance.now() < known.until) return known.token;
    const token = requestIdentityToken(audience, secrets);
    given.set(audience, { token, until: performance.now() + reusedMs });
    token.catch(() => given.delete(audience));
    return token;
  };
}

async function requestIdentityToken(audience: string, secrets: Secrets): Promise<string> {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = process.env;
  if (!url || !token)
    throw new ActionError(
      'ERR_ACTION_IDENTITY',
      'the job may not ask for an identity token: give it "permissions: { id-token: write }"',
    );
  secrets.keep(token);
  try {
    return secrets.keep(await getIDToken(audience));
  } catch (cause) {
    throw new ActionError('ERR_ACTION_IDENTITY', `GitHub gave no identity token: ${(cause as Error).message}`, {
      cause,
    });
  }
}
