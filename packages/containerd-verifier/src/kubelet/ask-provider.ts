import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { type CallOptions, defined, parseJson, utf8 } from '@notarykit/common/internal';
import { checkExecutable, type ProcessResult, runProcess } from '@notarykit/common/internal/node';
import { RegistryError } from '@notarykit/registry-client';
import { type Members, membersOf } from '../settings/members.js';
import type { KubeletProvider } from './config.js';
import { parseGoDuration } from './go-duration.js';

/** What a provider gave. */
export interface ProviderAnswer {
  /** Accounts, each under the pattern of the images that it is for. */
  readonly accounts: readonly { readonly key: string; readonly username: string; readonly password: string }[];
  /** How long they may be kept. */
  readonly cacheMs: number;
}

/** How {@link askProvider} runs a program. */
export interface AskProviderOptions extends CallOptions {
  /** The folder of the programs. */
  readonly binDir: string;
  /** The environment of the program besides the variables of its configuration. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
}

const maxOutput = 1024 * 1024;
const cacheKeyTypes = ['Image', 'Registry', 'Global'];

/**
 * Asks a credential provider for the accounts of an image: a request on its standard input, a response on its standard output. Its other
 * output is never repeated, since it may have secrets.
 *
 * @throws {RegistryError} `ERR_REGISTRY_UNAUTHORIZED`
 *
 * @see https://kubernetes.io/docs/reference/config-api/kubelet-credentialprovider.v1/
 */
export async function askProvider(
  provider: KubeletProvider,
  image: string,
  options: AskProviderOptions,
): Promise<ProviderAnswer> {
  const { name, apiVersion, args } = provider;
  const request = JSON.stringify({ kind: 'CredentialProviderRequest', apiVersion, image });
  const { signal, timeoutMs, binDir } = options;
  const env = environmentOf(options.env, provider.env);
  const { exitCode, output } = await attempt(name, async () => {
    // Distributions install links; their target is what is checked, and what runs.
    const { path } = await checkExecutable(await realpath(join(binDir, name)));
    const call = defined({ signal });
    return await runProcess(path, { args, env, input: utf8(request), timeoutMs, maxOutput, ...call });
  });
  if (exitCode !== 0) throw failed(name, `it ended with status ${exitCode ?? 'none'}; run it by hand to see why`);
  return readAnswer(output, provider);
}

async function attempt(name: string, work: () => Promise<ProcessResult>): Promise<ProcessResult> {
  try {
    return await work();
  } catch (cause) {
    const { code } = cause as { readonly code?: string };
    if (code?.startsWith('ERR_PROCESS_') !== true && code !== 'ENOENT') throw cause;
    throw failed(
      name,
      code === 'ENOENT' ? 'there is no such program in the folder of providers' : (cause as Error).message,
    );
  }
}

function environmentOf(
  inherited: Readonly<Record<string, string | undefined>>,
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  const entries = Object.entries({ ...inherited, ...own }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Record<string, string>;
}

function readAnswer(output: Uint8Array, { name, apiVersion, defaultCacheMs }: KubeletProvider): ProviderAnswer {
  try {
    const members = membersOf(parseJson(output, { maxDepth: 8 }), 'response');
    members.required('kind', members.choice('kind', ['CredentialProviderResponse']));
    members.required('apiVersion', members.choice('apiVersion', [apiVersion]));
    members.required('cacheKeyType', members.choice('cacheKeyType', cacheKeyTypes));
    members.value('serviceAccountTokenCacheType');
    const accounts = accountsIn(members.object('auth'));
    const cacheMs = durationIn(members.text('cacheDuration')) ?? defaultCacheMs;
    members.end();
    return { accounts, cacheMs };
  } catch {
    // The error may show what was found, and that may be a password.
    throw failed(name, `its answer is not a CredentialProviderResponse of ${apiVersion}`);
  }
}

function accountsIn(auth: Members | undefined): ProviderAnswer['accounts'] {
  if (auth === undefined) return [];
  return auth.names.flatMap((key) => {
    const account = auth.object(key);
    const [username, password] = [account?.text('username') ?? '', account?.text('password') ?? ''];
    return [{ key, username, password }];
  });
}

function durationIn(text: string | undefined): number | undefined {
  const found = text === undefined ? undefined : parseGoDuration(text);
  if (text !== undefined && found === undefined) throw new TypeError('no duration');
  return found;
}

function failed(name: string, why: string): RegistryError {
  return new RegistryError('ERR_REGISTRY_UNAUTHORIZED', `the credential provider ${name} failed: ${why}`);
}
