import { type VaultTokenSource, vaultLogin, vaultSigner } from '@notarykit/kms-providers/vault';
import type { Secrets } from '../action/secrets.js';
import { optionalChain } from './chain.js';
import type { KeyService } from './key-service.js';

const inputs = ['vault-key', 'vault-address', 'vault-role', 'vault-auth', 'vault-transit', 'vault-namespace'] as const;

/** A transit key of Vault or OpenBao, after a login by its JWT method. */
export const vault: KeyService<(typeof inputs)[number]> = {
  key: 'vault-key',
  inputs,
  async open({ inputs: given, fetch, identityToken, secrets }) {
    const address = given.required('vault-address');
    const namespace = given.text('vault-namespace');
    const server = { address, fetch, ...(namespace === undefined ? {} : { namespace }) };
    const role = given.required('vault-role');
    const audience = given.text('oidc-audience') ?? address;
    const login = vaultLogin({
      ...server,
      path: `auth/${given.text('vault-auth') ?? 'jwt'}/login`,
      credentials: async () => ({ role, jwt: await identityToken(audience) }),
    });
    const mount = given.text('vault-transit');
    const chain = await optionalChain(given);
    return vaultSigner({
      ...server,
      token: masked(login, secrets),
      key: given.required('vault-key'),
      ...(mount === undefined ? {} : { mount }),
      ...(chain === undefined ? {} : { chain }),
    });
  },
};

const masked =
  (source: VaultTokenSource, secrets: Secrets): VaultTokenSource =>
  async (options) =>
    secrets.keep(await source(options));
