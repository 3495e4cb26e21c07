import { defined, type JsonObject } from '@notarykit/common/internal';
import type { Credential } from '../../credential.js';
import { RegistryError } from '../../errors.js';
import { checkRegistryHost } from '../../registry-host.js';
import { type ConfigEditor, editConfig, readConfigEditor } from './config-editor.js';
import { serverNameOf } from './config-keys.js';
import { defaultHelper } from './default-helper.js';
import { dockerConfigFile } from './docker-credentials.js';
import { eraseFromHelper, type HelperOptions, storeInHelper } from './helper.js';

/** Options of {@link dockerAccountStore}. */
export interface AccountStoreOptions {
  /** A file in the form of docker's `config.json`; created when it is not there. Default: docker's own. */
  readonly configFile?: string;
  /** Environment that is read and passed to helpers. Default: that of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** How long a helper may take, in milliseconds. Default 30,000. */
  readonly helperTimeoutMs?: number;
}

/** Where an account is kept: by the program `docker-credential-{helper}`, or in plain text in a file. */
export type AccountPlace =
  | { readonly kind: 'helper'; readonly helper: string }
  | { readonly kind: 'file'; readonly path: string };

/** Keeps accounts of registries where docker, podman, notation and oras find them. */
export interface AccountStore {
  /** The file that says which helper keeps what. */
  readonly path: string;
  /** Whether the file names a helper, or has an account. */
  isConfigured(): Promise<boolean>;
  /**
   * Keeps the account of a registry (`host[:port]`), in place of the one that it has. The helper that the file names gets it; where the
   * file names none and has no account, the helper of this system, which the file then names. It is written to the file itself only with
   * `plainText`: everyone who can read the file then has the secret.
   *
   * @throws {RegistryError} `ERR_REGISTRY_CONFIGURATION` when only the file is left, or for an account that it cannot hold;
   * `ERR_REGISTRY_UNAUTHORIZED` when a helper fails or the file cannot be read
   * @throws {OciError} `ERR_OCI_INVALID` for a registry that is not `host[:port]`
   */
  save(registry: string, credential: Credential, options?: { readonly plainText?: boolean }): Promise<AccountPlace>;
  /** Forgets the account of a registry; false when there is none. @throws {RegistryError} `ERR_REGISTRY_UNAUTHORIZED` */
  erase(registry: string): Promise<boolean>;
}

/**
 * Writes accounts to docker's `config.json` as `docker login` and `docker logout` do. Everything else in the file stays; it is written
 * whole or not at all, and such writers wait for each other.
 *
 * @example
 * ```ts
 * await dockerAccountStore().save('registry.example.com', { username: 'wabbit', password });
 * ```
 */
export function dockerAccountStore(options: AccountStoreOptions = {}): AccountStore {
  const { env = process.env, helperTimeoutMs } = options;
  const path = options.configFile ?? dockerConfigFile(env);
  const helperOptions: HelperOptions = {
    env,
    ...defined({ timeoutMs: helperTimeoutMs }),
  };
  return {
    path,
    isConfigured: async () => (await readConfigEditor(path)).isConfigured,
    save: (registry, credential, { plainText = false } = {}) =>
      editConfig(path, async (config) => {
        // No request for credentials would ever find what is kept under another name.
        checkRegistryHost(registry);
        const account = checkAccount(credential);
        const helper = config.helperOf(registry) ?? (config.isConfigured ? undefined : await defaultHelper(env));
        if (helper === undefined) return saveInFile(config, registry, account, { path, plainText });
        await storeInHelper(helper, serverNameOf(registry), inHelper(account), helperOptions);
        if (!config.isConfigured) config.useStore(helper);
        // Otherwise a secret that was in the file would stay there.
        config.remove(registry);
        return { kind: 'helper', helper };
      }),
    erase: (registry) =>
      editConfig(path, async (config) => {
        const helper = config.helperOf(registry);
        const erased = helper !== undefined && (await eraseFromHelper(helper, serverNameOf(registry), helperOptions));
        return config.remove(registry) || erased;
      }),
  };
}

/** What a file or helper can hold: a user with a password, or an identity token. */
type Account = { readonly username: string; readonly password: string } | { readonly refreshToken: string };

function checkAccount({ username, password, refreshToken }: Credential): Account {
  if (refreshToken !== undefined) return { refreshToken };
  if (username !== undefined && password !== undefined) return { username, password };
  throw refuse('expected an account with a user and a password, or with an identity token: nothing else can be kept');
}

const inHelper = (account: Account) =>
  'refreshToken' in account
    ? { username: '<token>', secret: account.refreshToken }
    : { username: account.username, secret: account.password };

function saveInFile(
  config: ConfigEditor,
  registry: string,
  account: Account,
  { path, plainText }: { readonly path: string; readonly plainText: boolean },
): AccountPlace {
  if ('username' in account && account.username.includes(':'))
    throw refuse(`the user name has a colon, which ${path} cannot hold: set a credential helper there`);
  if (!plainText && !isSame(config.entry(registry), account))
    throw refuse(
      `${path} names no credential helper, and the secret would be kept there in plain text: set credsStore to the helper of this system (osxkeychain, wincred, secretservice, pass), or allow plain text`,
    );
  config.put(registry, inFile(account));
  return { kind: 'file', path };
}

/** As docker and oras write it. */
function inFile(account: Account): JsonObject {
  if ('refreshToken' in account) return { identitytoken: account.refreshToken };
  return { auth: Buffer.from(`${account.username}:${account.password}`).toString('base64') };
}

function isSame(known: Credential | undefined, account: Account): boolean {
  return JSON.stringify(known) === JSON.stringify(account);
}

function refuse(message: string): RegistryError {
  return new RegistryError('ERR_REGISTRY_CONFIGURATION', message);
}
