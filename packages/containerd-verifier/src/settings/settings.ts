import { isAbsolute, join } from 'node:path';
import { type AddressRules, isCodedError, parseJson, quote, sha256Hex } from '@notarykit/common/internal';
import { VerifierError } from '../errors.js';
import { type Members, membersOf } from './members.js';
import { readSettingsFile } from './read-file.js';

/** The settings of the verifier besides notation's files. */
export interface Settings {
  /** The folder, which also has notation's files. */
  readonly folder: string;
  /** Changes with the settings: verdicts that were found under others are not used. */
  readonly identity: string;
  readonly platforms: 'index' | 'children' | 'both';
  /** Whether an image is pulled for which the statement has level `skip`. */
  readonly allowSkipped: boolean;
  /** The time limit: shorter than that of containerd, which then ends the verifier. */
  readonly timeoutMs: number;
  readonly credentials: CredentialSettings;
  readonly network: NetworkSettings;
  /** Absent: nothing is cached. */
  readonly cache?: CacheSettings;
}

/** Where accounts are looked for, in this order. */
export interface CredentialSettings {
  /** Files of docker. Absent: where docker and podman look. */
  readonly dockerConfigs?: readonly string[];
  /** Credential providers as the kubelet is set up for them. */
  readonly kubelet?: { readonly config: string; readonly binDir: string };
}

/** How registries and services of revocation are reached; the proxy is that of the environment. */
export interface NetworkSettings {
  /** Authorities of TLS servers, PEM, instead of the system's. */
  readonly caFile?: string;
  /** Folders of hosts.toml files. Absent: those of containerd. */
  readonly hostsDirs?: readonly string[];
  readonly revocationAddresses: AddressRules;
}

/** Where and how long verdicts are remembered. */
export interface CacheSettings {
  readonly folder: string;
  readonly trustedTtlMs: number;
  readonly refusedTtlMs: number;
}

/** The name of the file. */
export const settingsFile = 'verifier.json';
const usualCache = '/var/cache/notarykit/containerd-verifier';

/**
 * Reads `verifier.json` of a folder; without the file, the defaults.
 *
 * @throws {VerifierError} `ERR_VERIFIER_SETTINGS`
 */
export async function readSettings(folder: string): Promise<Settings> {
  if (!isAbsolute(folder))
    throw new VerifierError('ERR_VERIFIER_SETTINGS', `expected the absolute path of a folder, found ${quote(folder)}`);
  const bytes = await readSettingsFile(join(folder, settingsFile));
  const members = membersOf(bytes === undefined ? { version: '1.0' } : parse(bytes, folder), settingsFile);
  const settings = settingsOf(members);
  members.end();
  return { folder, identity: sha256Hex(bytes ?? new Uint8Array()), ...settings };
}

function parse(bytes: Uint8Array, folder: string) {
  try {
    return parseJson(bytes, { maxDepth: 8 });
  } catch (cause) {
    if (!isCodedError(cause)) throw cause;
    const message = `${quote(join(folder, settingsFile))}: ${cause.message}`;
    throw new VerifierError('ERR_VERIFIER_SETTINGS', message, { cause });
  }
}

function settingsOf(members: Members): Omit<Settings, 'folder' | 'identity'> {
  if (members.choice('version', ['1.0']) === undefined)
    throw new VerifierError('ERR_VERIFIER_SETTINGS', `${settingsFile}: expected "version": "1.0"`);
  return {
    platforms: members.choice('platforms', ['index', 'children', 'both']) ?? 'index',
    allowSkipped: members.flag('allowSkipped') ?? false,
    timeoutMs: (members.count('timeoutSeconds', 1) ?? 8) * 1000,
    credentials: credentialsOf(members.object('credentials')),
    network: networkOf(members.object('network')),
    ...cacheOf(members),
  };
}

function credentialsOf(members: Members | undefined): CredentialSettings {
  const kubelet = members?.object('kubelet');
  return {
    ...optional('dockerConfigs', paths(members, 'dockerConfigs')),
    ...(kubelet === undefined ? {} : { kubelet: { config: path(kubelet, 'config'), binDir: path(kubelet, 'binDir') } }),
  };
}

function networkOf(members: Members | undefined): NetworkSettings {
  const addresses = members?.object('revocationAddresses');
  return {
    ...(members?.text('caFile') === undefined ? {} : { caFile: path(members, 'caFile') }),
    ...optional('hostsDirs', paths(members, 'hostsDirs')),
    revocationAddresses: {
      ...optional('loopback', addresses?.flag('loopback')),
      ...optional('linkLocal', addresses?.flag('linkLocal')),
      ...optional('private', addresses?.flag('private')),
    },
  };
}

function cacheOf(members: Members): Pick<Settings, 'cache'> {
  if (members.value('cache') === false) return {};
  const cache = members.object('cache');
  return {
    cache: {
      folder: cache?.text('folder') === undefined ? usualCache : path(cache, 'folder'),
      trustedTtlMs: (cache?.count('trustedSeconds', 0) ?? 300) * 1000,
      refusedTtlMs: (cache?.count('refusedSeconds', 0) ?? 0) * 1000,
    },
  };
}

function path(members: Members, name: string): string {
  return absolute(members.text(name) ?? '', name);
}

function paths(members: Members | undefined, name: string): readonly string[] | undefined {
  return members?.texts(name)?.map((each) => absolute(each, name));
}

/** The working directory of containerd is not specified. */
function absolute(text: string, name: string): string {
  if (isAbsolute(text)) return text;
  throw new VerifierError(
    'ERR_VERIFIER_SETTINGS',
    `${settingsFile}: ${name}: expected an absolute path, found ${quote(text)}`,
  );
}

function optional<K extends string, V>(name: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [P in K]?: V });
}
