import { readFile } from 'node:fs/promises';
import { defined } from '@notarykit/common/internal';
import type { Repository } from '@notarykit/oci/internal';
import { hostsToml, type OpenMirroredOptions, openMirrored, type PullSource } from '@notarykit/registry-client/node';
import { VerifierError } from '../errors.js';
import type { NetworkSettings } from '../settings/settings.js';

/** How this process connects. */
export interface Network {
  readonly proxy: 'env';
  readonly ca?: Uint8Array;
}

/** The network of the settings. */
export async function networkOf({ caFile }: NetworkSettings): Promise<Network> {
  return { proxy: 'env', ...(caFile === undefined ? {} : { ca: await readAuthorities(caFile) }) };
}

async function readAuthorities(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown failure';
    throw new VerifierError('ERR_VERIFIER_SETTINGS', `caFile: ${path} cannot be read: ${code}`, { cause });
  }
}

/** What {@link openPulled} needs besides the settings. */
export interface OpenPulledOptions extends Required<Pick<OpenMirroredOptions, 'credentials'>> {
  readonly network: Network;
  /** Registries that are asked over plain http, as notation's settings list them. */
  readonly insecureRegistries: readonly string[];
}

/** A repository through the mirrors that containerd pulls it through. */
export async function openPulled(
  repository: string,
  { hostsDirs }: NetworkSettings,
  { network, insecureRegistries, credentials }: OpenPulledOptions,
): Promise<Repository> {
  const isPlain = ({ registry }: Pick<PullSource, 'registry'>): boolean =>
    insecureRegistries.includes(registry.toLowerCase());
  const configuration = hostsToml(defined({ directories: hostsDirs }));
  return await openMirrored(repository, configuration, {
    credentials,
    allowInsecure: isPlain,
    plainHttp: isPlain,
    endpoint: { connection: network },
  });
}
