import { defined, type Logger } from '@notarykit/common/internal';
import type { Credential, CredentialProvider, CredentialRequest } from '@notarykit/registry-client';
import { askProvider, type ProviderAnswer } from './ask-provider.js';
import { type KubeletProvider, readProviders } from './config.js';
import { keyOfAccount, matchesImage } from './match-image.js';

/** Options of {@link kubeletCredentials}. */
export interface KubeletCredentialsOptions {
  /** A `CredentialProviderConfig`, or a folder of such: the kubelet's `--image-credential-provider-config`. */
  readonly config: string;
  /** The folder of the programs: the kubelet's `--image-credential-provider-bin-dir`. */
  readonly binDir: string;
  /** The repository that the account is for. */
  readonly repository: string;
  /** The environment of the programs besides the variables of the configuration. Default: that of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** How long a program may take, milliseconds. Default 60,000, as for the kubelet. */
  readonly timeoutMs?: number;
  /** Gets a warning about each provider that cannot be asked. */
  readonly logger?: Logger;
}

/**
 * The accounts that a node's kubelet has from its credential providers (contract `credentialprovider.kubelet.k8s.io/v1` and before). Every
 * provider whose patterns fit the image is asked. The most specific account comes first, and the next one after the registry has
 * refused it. A provider that fails is an error, unless another one has an account. Providers that require the service account of a
 * pod are not asked: there is none here.
 *
 * @throws {VerifierError} `ERR_VERIFIER_SETTINGS` when asked, for a configuration that cannot be read
 * @throws {RegistryError} `ERR_REGISTRY_UNAUTHORIZED` when asked, for a program that failed
 *
 * @example
 * ```ts
 * const credentials = kubeletCredentials({ config, binDir, repository: 'net-monitor' });
 * const registry = createRegistry({ registry: '123456789012.dkr.ecr.eu-west-1.amazonaws.com', credentials });
 * ```
 */
export function kubeletCredentials(options: KubeletCredentialsOptions): CredentialProvider {
  return {
    async get(request) {
      const image = `${request.registry}/${options.repository}`;
      const found = await accountsOf(image, request, options);
      const keys = new Set(found.map(({ key }) => key));
      const ordered = [...keys].sort().reverse();
      const fitting = ordered.filter((key) => matchesImage(key, image));
      const chosen = fitting.length === 0 && isHub(request.registry) ? [hubKey] : fitting;
      const accounts = chosen.flatMap((key) => found.filter((each) => each.key === key));
      return credentialOf(nextAfter(accounts.filter(isFirst), request.refused));
    },
  };
}

const hubKey = 'index.docker.io';
const isHub = (registry: string): boolean => registry === 'docker.io' || registry === hubKey;

interface Account {
  readonly key: string;
  readonly username: string;
  readonly password: string;
  readonly cacheMs: number;
}

async function accountsOf(
  image: string,
  { signal }: CredentialRequest,
  options: KubeletCredentialsOptions,
): Promise<readonly Account[]> {
  const { binDir, env = process.env, timeoutMs = 60_000 } = options;
  const call = { binDir, env, timeoutMs, ...defined({ signal }) };
  const asked = (await readProviders(options.config)).filter((each) => isAsked(each, image, options.logger));
  const answers = await Promise.allSettled(asked.map((provider) => askProvider(provider, image, call)));
  signal?.throwIfAborted();
  const accounts = answers.flatMap((answer) => (answer.status === 'fulfilled' ? accountsIn(answer.value) : []));
  const failure = answers.find(({ status }) => status === 'rejected');
  if (accounts.length === 0 && failure?.status === 'rejected') throw failure.reason;
  return accounts;
}

function isAsked({ name, matchImages, needsServiceAccount }: KubeletProvider, image: string, logger?: Logger): boolean {
  if (!matchImages.some((pattern) => matchesImage(pattern, image))) return false;
  if (needsServiceAccount)
    logger?.warn?.('a credential provider requires the service account of a pod, and is not asked', { provider: name });
  return !needsServiceAccount;
}

function accountsIn({ accounts, cacheMs }: ProviderAnswer): readonly Account[] {
  return accounts.map(({ key, ...account }) => ({ ...account, key: keyOfAccount(key), cacheMs }));
}

/** One account under several keys is tried once. */
function isFirst(account: Account, i: number, all: readonly Account[]): boolean {
  return all.findIndex((other) => isSameAccount(other, account)) === i;
}

const isSameAccount = (one: Account, other: Pick<Credential, 'username' | 'password'> | undefined): boolean =>
  one.username === other?.username && one.password === other.password;

/** The first account, or after one that was refused the next. */
function nextAfter(accounts: readonly Account[], refused: Credential | undefined): Account | undefined {
  return accounts[accounts.findIndex((account) => isSameAccount(account, refused)) + 1];
}

function credentialOf(account: Account | undefined): Credential | undefined {
  if (account === undefined) return undefined;
  const { username, password, cacheMs } = account;
  return { username, password, ...(cacheMs > 0 ? { expires: new Date(Date.now() + cacheMs) } : {}) };
}
