/** Hosts of the company's network. No resolver knows them: only the proxy leads there. */
export const places = {
  registry: 'registry.wabbit.internal',
  vault: 'vault.wabbit.internal',
  tsa: 'tsa.wabbit.internal',
  pki: 'pki.wabbit.internal',
} as const;

/** Accounts of the registry; each may do its own part of the work. */
export const accounts = {
  build: { username: 'build', password: 'builds', rights: { 'staging/net-monitor': ['pull', 'push'] } },
  deploy: {
    username: 'deploy',
    password: 'deploys',
    rights: { 'staging/net-monitor': ['pull'], 'production/net-monitor': ['pull', 'push'] },
  },
} as const;

/** Who may log in to Vault. */
export const appRole = { role_id: 'build', secret_id: 'only-for-the-build' };

/** The role of Vault's PKI engine that certificates for code are issued under. */
export const role = 'signing';
