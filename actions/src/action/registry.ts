import { parseReference, type Reference } from '@notarykit/oci';
import {
  type Credential,
  type CredentialProvider,
  createRegistry,
  type RegistryOptions,
  type RegistryRepository,
} from '@notarykit/registry-client';
import { dockerCredentials } from '@notarykit/registry-client/node';
import type { Context } from './action.js';
import { inputError } from './errors.js';
import type { Inputs } from './inputs.js';
import type { Network } from './network.js';

/** Inputs of a step that works with one registry. */
export const registryInputs = ['username', 'password', 'insecure-registry'] as const;

/** Those of {@link registryInputs} that have the account. */
export const account = { username: 'username', password: 'password' } as const;

/** Names of the inputs with an account. */
export interface AccountInputs<Name extends string> {
  readonly username: Name;
  readonly password: Name;
}

/** The input that allows plain http. */
type RegistryInput = 'insecure-registry';

/** What an input refers to. */
export function readReference<Name extends string>(inputs: Inputs<Name>, name: Name): Reference {
  try {
    return parseReference(inputs.required(name));
  } catch (cause) {
    throw inputError(name, (cause as Error).message, cause);
  }
}

/** Tag or digest of a reference. */
export function nameOf({ digest, tag }: Reference, input: string): string {
  const name = digest ?? tag;
  if (name === undefined) throw inputError(input, 'add "@digest", or ":tag"');
  return name;
}

/** A place in a registry, and the inputs with the account for it. */
export interface Place<Name extends string> {
  readonly reference: Reference;
  readonly account: AccountInputs<Name>;
}

/** Opens the repository of a place, with the account of the inputs or else the one that a login action left in docker's files. */
export function openRepository<Name extends string>(
  context: Context<Name | RegistryInput>,
  place: Place<Name>,
  network: Network,
): RegistryRepository {
  const { endpoint, repository } = sideOf(context, place, network);
  return createRegistry(endpoint).repository(repository);
}

/** Opens both sides of a copy: through one endpoint where registry and account are the same, so that blobs are mounted, not sent. */
export async function openBoth<Name extends string>(
  context: Context<Name | RegistryInput>,
  [from, to]: readonly [Place<Name>, Place<Name>],
  network: Network,
): Promise<readonly [RegistryRepository, RegistryRepository]> {
  const [source, target] = [sideOf(context, from, network), sideOf(context, to, network)];
  const endpoint = createRegistry(source.endpoint);
  const other = (await isOneAccount(source, target)) ? endpoint : createRegistry(target.endpoint);
  return [endpoint.repository(source.repository), other.repository(target.repository)];
}

interface Side {
  readonly endpoint: RegistryOptions & { readonly credentials: Credential | CredentialProvider };
  readonly repository: string;
}

function sideOf<Name extends string>(
  { inputs, secrets }: Context<Name | RegistryInput>,
  { reference: { registry, repository }, account }: Place<Name>,
  network: Network,
): Side {
  const plain = inputs.choice('insecure-registry', ['true', 'false']) === 'true';
  const credentials = accountOf({ inputs, secrets }, account) ?? dockerCredentials({ repository });
  const plainHttp = plain ? { plainHttp: true } : {};
  return { endpoint: { registry, credentials, connection: network, ...plainHttp }, repository };
}

/** Docker's files may have accounts for single repositories. A helper that fails decides nothing here; it fails again when it is needed. */
async function isOneAccount(one: Side, other: Side): Promise<boolean> {
  if (one.endpoint.registry !== other.endpoint.registry) return false;
  try {
    const [first, second] = await Promise.all([one, other].map(credentialOf));
    return JSON.stringify(first) === JSON.stringify(second);
  } catch {
    return false;
  }
}

async function credentialOf({ endpoint: { registry, credentials } }: Side): Promise<Credential | undefined> {
  return 'get' in credentials ? await credentials.get({ registry }) : credentials;
}

function accountOf<Name extends string>(
  { inputs, secrets }: Context<Name>,
  names: AccountInputs<Name>,
): Credential | CredentialProvider | undefined {
  const [username, password] = [inputs.text(names.username), inputs.text(names.password)];
  if (password !== undefined) secrets.keep(password);
  if (username === undefined && password === undefined) return undefined;
  if (username === undefined) throw inputError(names.username, `it is required with "${names.password}"`);
  if (password === undefined) throw inputError(names.password, `it is required with "${names.username}"`);
  return { username, password };
}
