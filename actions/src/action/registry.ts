import { parseReference, type Reference } from '@notarykit/oci';
import {
  type Credential,
  type CredentialProvider,
  createRegistry,
  type RegistryRepository,
} from '@notarykit/registry-client';
import { dockerCredentials } from '@notarykit/registry-client/node';
import type { Context } from './action.js';
import { inputError } from './errors.js';
import type { Inputs } from './inputs.js';
import type { Network } from './network.js';

/** Inputs of {@link openRepository}. */
export const registryInputs = ['username', 'password', 'insecure-registry'] as const;

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

/** Opens the repository of a reference, with the account of the inputs, else the one that a login action left in docker's files. */
export function openRepository<Name extends string>(
  { inputs, secrets }: Context<Name | RegistryInput>,
  { registry, repository }: Reference,
  account: AccountInputs<Name>,
  network: Network,
): RegistryRepository {
  const plain = inputs.choice('insecure-registry', ['true', 'false']) === 'true';
  const credentials = accountOf({ inputs, secrets }, account) ?? dockerCredentials({ repository });
  const endpoint = { registry, credentials, connection: network, ...(plain ? { plainHttp: true } : {}) };
  return createRegistry(endpoint).repository(repository);
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
