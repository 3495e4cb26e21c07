import { join } from 'node:path';
import { defined } from '@notarykit/common/internal';
import type { Credential, CredentialProvider } from '@notarykit/registry-client';
import { type AccountStore, dockerAccountStore, dockerCredentials } from '@notarykit/registry-client/node';
import { notationConfiguration } from '@notarykit/trust-policy/node';

/** notation's own settings, which name accounts and helpers as docker's file does. */
const notationFile = (): string => join(notationConfiguration().paths.config, 'config.json');

/** The accounts that notation and docker have stored; notation's own file is asked first, as by notation. */
export function storedAccounts(repository?: string): CredentialProvider {
  const own = dockerCredentials({ configFile: notationFile() });
  const docker = dockerCredentials(defined({ repository }));
  return { get: async (request) => (await own.get(request)) ?? (await docker.get(request)) };
}

/** One account for the registry that was typed, what is stored for others, such as its mirrors. */
export function accountAt(host: string, account: Credential, others: CredentialProvider): CredentialProvider {
  return { get: async (request) => (request.registry === host ? account : await others.get(request)) };
}

/** Where a new account is kept: in notation's file if that names accounts or helpers, else in docker's. */
export async function storeForLogin(): Promise<AccountStore> {
  const own = dockerAccountStore({ configFile: notationFile() });
  return (await own.isConfigured()) ? own : dockerAccountStore();
}

/** Every store that may have an account. */
export async function storesForLogout(): Promise<readonly AccountStore[]> {
  const stores = [dockerAccountStore({ configFile: notationFile() }), dockerAccountStore()];
  const configured = await Promise.all(stores.map((store) => store.isConfigured()));
  return stores.filter((_, i) => configured[i]);
}
