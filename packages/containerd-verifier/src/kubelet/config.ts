import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { defined, quote } from '@notarykit/common/internal';
import { VerifierError } from '../errors.js';
import { type Members, membersOf } from '../settings/members.js';
import { readSettingsFile } from '../settings/read-file.js';
import { parseGoDuration } from './go-duration.js';
import { parseJsonOrYaml } from './yaml.js';

/** One credential provider of a `CredentialProviderConfig`. */
export interface KubeletProvider {
  /** Name of the program in the folder of providers. */
  readonly name: string;
  readonly matchImages: readonly string[];
  readonly defaultCacheMs: number;
  /** Version of the contract for requests to it. */
  readonly apiVersion: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** It answers only for the service account of a pod. */
  readonly needsServiceAccount: boolean;
}

const configVersions = ['v1', 'v1beta1', 'v1alpha1'].map((version) => `kubelet.config.k8s.io/${version}`);
const providerVersions = ['v1', 'v1beta1', 'v1alpha1'].map((version) => `credentialprovider.kubelet.k8s.io/${version}`);

/**
 * Reads what the kubelet's `--image-credential-provider-config` names: a `CredentialProviderConfig` in YAML or JSON, or a folder of such.
 *
 * @throws {VerifierError} `ERR_VERIFIER_SETTINGS`
 *
 * @see https://kubernetes.io/docs/tasks/administer-cluster/kubelet-credential-provider/
 */
export async function readProviders(path: string): Promise<readonly KubeletProvider[]> {
  const files = await filesAt(path);
  const providers = (await Promise.all(files.map(readFile))).flat();
  const names = providers.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw refuse(path, `two providers are called ${quote(twice)}`);
  return providers;
}

async function filesAt(path: string): Promise<readonly string[]> {
  const found = await orRefuse(path, (at) => stat(at));
  if (!found.isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => /\.(json|yaml|yml)$/.test(name)).sort();
  if (names.length === 0) throw refuse(path, 'there is no file of .json, .yaml or .yml in it');
  return names.map((name) => join(path, name));
}

async function orRefuse<T>(path: string, read: (path: string) => Promise<T>): Promise<T> {
  return await read(path).catch((cause: NodeJS.ErrnoException) => {
    throw refuse(path, `it cannot be read: ${cause.code ?? 'unknown failure'}`, cause);
  });
}

async function readFile(path: string): Promise<readonly KubeletProvider[]> {
  // Distributions install links, and the kubelet follows them.
  const bytes = await readSettingsFile(await orRefuse(path, (at) => realpath(at)));
  if (bytes === undefined) throw refuse(path, 'there is no such file');
  const members = membersOf(await parseJsonOrYaml(bytes, path), path);
  members.required('kind', members.choice('kind', ['CredentialProviderConfig']));
  members.required('apiVersion', members.choice('apiVersion', configVersions));
  const providers = members.objects('providers').map((each) => providerOf(each, path));
  members.end();
  if (providers.length === 0) throw refuse(path, 'expected at least one of "providers"');
  return providers;
}

function providerOf(members: Members, path: string): KubeletProvider {
  const text = (name: string): string => members.required(name, members.text(name));
  const name = text('name');
  if (/[/\\\s]|^\.{0,2}$/.test(name)) throw refuse(path, `expected the name of a program, found ${quote(name)}`);
  const matchImages = members.required('matchImages', members.texts('matchImages'));
  if (matchImages.length === 0) throw refuse(path, `provider ${quote(name)}: expected at least one of "matchImages"`);
  const duration = text('defaultCacheDuration');
  const defaultCacheMs = parseGoDuration(duration);
  if (defaultCacheMs === undefined)
    throw refuse(path, `provider ${quote(name)}: expected a duration such as 12h, found ${quote(duration)}`);
  return {
    name,
    matchImages,
    defaultCacheMs,
    apiVersion: members.required('apiVersion', members.choice('apiVersion', providerVersions)),
    args: members.texts('args') ?? [],
    env: Object.fromEntries(members.objects('env').map(variableOf)),
    needsServiceAccount: needsServiceAccount(members.object('tokenAttributes')),
  };
}

function variableOf(members: Members): readonly [string, string] {
  return [members.required('name', members.text('name')), members.required('value', members.text('value'))];
}

/** The other attributes describe how the kubelet makes the token; there is no token here. */
function needsServiceAccount(token: Members | undefined): boolean {
  for (const name of tokenMembers) token?.value(name);
  return token?.required('requireServiceAccount', token.flag('requireServiceAccount')) ?? false;
}

const tokenMembers = [
  'serviceAccountTokenAudience',
  'cacheType',
  'requiredServiceAccountAnnotationKeys',
  'optionalServiceAccountAnnotationKeys',
];

function refuse(path: string, message: string, cause?: unknown): VerifierError {
  const options = defined({ cause });
  return new VerifierError('ERR_VERIFIER_SETTINGS', `${quote(path)}: ${message}`, options);
}
