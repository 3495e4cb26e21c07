import { defined, singleFlight } from '@notarykit/common/internal';
import { accountOf, type Credential, type CredentialProvider } from '../credential.js';

/** The credentials of one endpoint. */
export interface Account {
  /** Asked for once, and again when they have expired. */
  credential(signal?: AbortSignal): Promise<Credential | undefined>;
  /** Others in place of refused ones; `undefined` where the provider has no others. */
  renew(refused: Credential | undefined, signal?: AbortSignal): Promise<Credential | undefined>;
  /** The account's name, for messages; never a secret. */
  name(): string | undefined;
  forget(): void;
}

// A registry that denies access to everything must not have a helper program run for each of its answers.
const askAgainAfterMs = 30_000;

/** Creates the account of an endpoint. `remember` is called with each credential: its secrets must not be shown. */
export function createAccount(
  registry: string,
  provider: CredentialProvider,
  remember: (credential: Credential | undefined) => void = () => undefined,
): Account {
  const share = singleFlight<Credential | undefined>();
  let held: { readonly credential: Credential | undefined } | undefined;
  let unchangedAt = Number.NEGATIVE_INFINITY;

  const ask = (refused: Credential | undefined, signal?: AbortSignal): Promise<Credential | undefined> => {
    const work = async (shared: AbortSignal): Promise<Credential | undefined> => {
      const credential = await provider.get({
        registry,
        signal: shared,
        ...defined({ refused }),
      });
      held = { credential };
      remember(credential);
      return credential;
    };
    return share(refused === undefined ? 'first' : 'renewed', work, defined({ signal }));
  };

  const credential = async (signal?: AbortSignal): Promise<Credential | undefined> =>
    held === undefined || isExpired(held.credential) ? await ask(undefined, signal) : held.credential;

  return {
    credential,
    async renew(refused, signal) {
      // Another request may have asked meanwhile.
      const current = await credential(signal);
      if (!isSame(current, refused)) return current;
      if (refused === undefined || performance.now() - unchangedAt < askAgainAfterMs) return undefined;
      const found = await ask(refused, signal);
      if (!isSame(found, refused)) return found;
      unchangedAt = performance.now();
      return undefined;
    },
    name: () => accountOf(held?.credential),
    forget() {
      held = undefined;
      unchangedAt = Number.NEGATIVE_INFINITY;
    },
  };
}

function isExpired(credential: Credential | undefined): boolean {
  return credential?.expires !== undefined && !(credential.expires.getTime() > Date.now());
}

function isSame(a: Credential | undefined, b: Credential | undefined): boolean {
  const secrets = (each: Credential | undefined): string =>
    JSON.stringify([each?.username, each?.password, each?.refreshToken, each?.accessToken]);
  return secrets(a) === secrets(b);
}
