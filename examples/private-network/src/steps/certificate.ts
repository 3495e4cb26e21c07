import { requestCertificate } from '@notarykit/kms-providers/csr';
import { vaultKey, vaultPki } from '@notarykit/kms-providers/vault';
import { role } from './places.js';
import type { Setup } from './setup.js';

/** From a key in Vault to its certificate: the key signs a request, the authority issues, the chain is checked and kept beside the key. */
export async function certify({ vault }: Setup): Promise<number> {
  const key = vaultKey(vault);
  const { pem, certificateChain } = await requestCertificate(key, {
    subject: { C: 'US', ST: 'WA', O: 'Wabbit Networks', CN: 'net-monitor' },
    issue: vaultPki({ ...vault, role, commonName: 'net-monitor' }),
  });
  await key.storeChain(pem);
  return certificateChain.length;
}
