/** What a registry knows an account by. Which member is used depends on what the registry asks for. */
export interface Credential {
  readonly username?: string;
  readonly password?: string;
  /** An identity token: exchanged at the registry's token service for access tokens. */
  readonly refreshToken?: string;
  /** A bearer token used as it is. */
  readonly accessToken?: string;
  /** When all of this ends, where the provider knows it: others are asked for then. */
  readonly expires?: Date;
}

/** What credentials are asked for. */
export interface CredentialRequest {
  /** Host, with port where there is one. */
  readonly registry: string;
  readonly signal?: AbortSignal;
  /** What the provider gave before and the registry has refused since: giving the same again, for example from memory, does not help. */
  readonly refused?: Credential;
}

/**
 * Where credentials come from: asked when the registry first demands them, when they have expired, and once more when the registry
 * refuses them, since passwords of cloud registries end after hours.
 */
export interface CredentialProvider {
  /** The credentials for a registry, `undefined` for none: the endpoint then stays anonymous. */
  get(request: CredentialRequest): Promise<Credential | undefined>;
}

/** The account of credentials, for messages; never a secret. */
export function accountOf(credential: Credential | undefined): string | undefined {
  if (credential === undefined) return undefined;
  if (credential.username !== undefined) return credential.username;
  return credential.refreshToken !== undefined ? '<identity token>' : '<access token>';
}
