import type { Fetch } from '@notarykit/common/internal';
import type { Reference, Repository, TagLister } from '@notarykit/oci/internal';
import {
  type Credential,
  type CredentialProvider,
  createRegistry,
  type RegistryEndpoint,
  type RegistryOptions,
} from '@notarykit/registry-client';
import { type MirrorConfiguration, openMirrored, type PullSource } from '@notarykit/registry-client/node';
import type { TransportOptions } from '@notarykit/transport/internal';
import { notationConfiguration } from '@notarykit/trust-policy/node';
import type { Network } from './network.js';
import { accountAt, storedAccounts } from './stored-accounts.js';

/** What a reference names in a registry. */
export type Place = Reference;

/** How the registry of a place is reached. */
export interface EndpointOptions {
  readonly plainHttp: boolean;
  readonly network: Network & Pick<TransportOptions, 'lookup'>;
  /** Retries, timeouts, how referrers are kept, and the logger. Default: those of the registry client. */
  readonly client?: Pick<RegistryOptions, 'retry' | 'timeouts' | 'referrers' | 'logger'>;
  /** The account at the registry that is named. Default: the one that notation, docker or podman has stored for the repository. */
  readonly account?: Credential;
  /** The transport, in place of one with `network`. */
  readonly fetch?: Fetch;
}

/** The registry of a place, with its account. */
export async function openEndpoint(
  { registry, repository }: Pick<Place, 'registry' | 'repository'>,
  options: EndpointOptions,
): Promise<RegistryEndpoint> {
  const { network, account, fetch } = options;
  return createRegistry({
    registry,
    // A whole registry has no repository whose account could be looked up.
    credentials: account ?? storedAccounts(repository || undefined),
    ...(await schemeOf(registry, options)),
    ...(fetch === undefined ? { connection: network } : { fetch }),
    ...options.client,
  });
}

/** Who shows a certificate means TLS, on this machine too. */
async function schemeOf(
  registry: string,
  { plainHttp, network }: EndpointOptions,
): Promise<{ readonly plainHttp?: boolean }> {
  if ((await plainRegistries(plainHttp))({ registry })) return { plainHttp: true };
  return network.clientCertificate === undefined ? {} : { plainHttp: false };
}

/** Which registries may be asked over plain http: all by the option, else those that notation's configuration lists. */
export async function plainRegistries(plainHttp: boolean): Promise<(place: Pick<PullSource, 'registry'>) => boolean> {
  const { insecureRegistries } = await notationConfiguration().settings();
  return ({ registry }) => plainHttp || insecureRegistries.includes(registry.toLowerCase());
}

/** The repository of a place through the mirrors of a configuration, each with its own account: the one that was typed is the registry's. */
export async function openThroughMirrors(
  { registry, repository }: Place,
  configuration: MirrorConfiguration,
  { plainHttp, network, account, client: { logger } = {} }: EndpointOptions,
): Promise<Repository & TagLister> {
  const isPlain = await plainRegistries(plainHttp);
  const credentials = (place: PullSource): CredentialProvider =>
    account === undefined
      ? storedAccounts(place.repository)
      : accountAt(registry, account, storedAccounts(place.repository));
  return await openMirrored(`${registry}/${repository}`, configuration, {
    credentials,
    allowInsecure: isPlain,
    plainHttp: isPlain,
    endpoint: { connection: network, ...(logger && { logger }) },
  });
}

/**
 * Whether two places are in one registry and under one account: podman's files know accounts of single namespaces. A helper that
 * fails gives no answer here; it fails again, with its message, once the registry asks for the account.
 */
export async function isOneAccount(one: PlaceOptions, other: PlaceOptions): Promise<boolean> {
  if (one.place.registry !== other.place.registry) return false;
  const named = one.options.account ?? other.options.account;
  if (named === undefined && one.place.repository === other.place.repository) return true;
  try {
    const [first, second] = await Promise.all([accountOf(one), accountOf(other)]);
    return first === second;
  } catch {
    return false;
  }
}

/** A place and how it is reached. */
export interface PlaceOptions {
  readonly place: Place;
  readonly options: EndpointOptions;
}

async function accountOf({ place: { registry, repository }, options: { account } }: PlaceOptions): Promise<string> {
  return JSON.stringify(account ?? (await storedAccounts(repository).get({ registry })) ?? 'anonymous');
}
