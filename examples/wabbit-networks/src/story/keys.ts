import { requestCertificate } from '@notarykit/kms-providers/csr';
import { vaultKey, vaultPki, vaultSigner } from '@notarykit/kms-providers/vault';
import { type Certificate, parseCertificate } from '@notarykit/pki';
import type { Signer } from '@notarykit/signature-envelope';
import { type Authority, createKeyPair, serveVault } from '@notarykit/testing';

/** A key in the key service of a company, with its certificate. */
export interface ServiceKey {
  readonly signer: Signer;
  readonly certificate: Certificate;
}

/** The key service of a company: its keys are made in it and never leave it. */
export interface KeyService {
  /** Has the key sign a request, takes that to the authority, checks what comes back, and stores it beside the key. */
  certify(key: string, subject: Readonly<Record<string, string>>, now: Date): Promise<ServiceKey>;
  close(): Promise<void>;
}

const role = 'signing';

/** Starts a service (Vault's transit and PKI engines) that has these keys, and no certificate yet. */
export async function startKeyService(authority: Authority, names: readonly string[]): Promise<KeyService> {
  const keys = names.map(async (name) => ({ name, versions: [await createKeyPair('EC-256')] }));
  const token = 'hvs.story';
  const service = await serveVault(await Promise.all(keys), { token, pki: { authority, role } });
  const connection = { address: service.url, token, fetch };
  return {
    async certify(key, subject, now) {
      const selected = { ...connection, key };
      const own = vaultKey(selected);
      const issue = vaultPki({ ...connection, role, commonName: subject['CN'] ?? key });
      const { pem, certificateChain } = await requestCertificate(own, { subject, issue, now });
      await own.storeChain(pem);
      return { signer: vaultSigner(selected), certificate: parseCertificate(certificateChain[0] as Uint8Array) };
    },
    close: () => service.close(),
  };
}
