import { parseCertificate } from '@notarykit/pki';
import type { Signer } from '@notarykit/signature-envelope';
import { createAuthority, createAuthorityServices } from '@notarykit/testing';
import { startKeyService } from './keys.js';
import type { Account } from './print.js';

/** The clock of the story, and where it is printed. */
export interface Telling extends Pick<Account, 'step'> {
  readonly now: () => Date;
}

/** A company with its own certificate authority and its online services, and with a key service. */
export async function company(name: string, domain: string, keys: readonly string[], { now, step }: Telling) {
  const host = `pki.${domain}`;
  const base = `http://${host}`;
  const authority = await createAuthority({ name, keySpec: 'EC-384', ocspUrls: [`${base}/ocsp`] });
  const services = createAuthorityServices(authority, { now });
  const keyService = await startKeyService(authority, keys);
  /** The certificate of a department, for a key that has its name unless it is said. */
  const certify = async (department: string, key = department) => {
    const CN = `${department}.${domain}`;
    const subject = { CN, OU: department, O: name, ST: 'WA', C: 'US' };
    const issued = await keyService.certify(key, subject, now());
    step(`${name}: the key "${key}" in the key service signed a request, and got the certificate of ${CN}`);
    return issued;
  };
  return {
    host,
    root: parseCertificate(authority.root.certificate),
    services,
    timestampUrl: services.timestampUrl(base),
    issue: async (department: string): Promise<Signer> => (await certify(department)).signer,
    /** The signer of somebody who lost the key. */
    async issueAndRevoke(department: string, key: string): Promise<Signer> {
      const { signer, certificate } = await certify(department, key);
      const [serialNumber, issuerDer] = [BigInt(`0x${certificate.serialNumber}`), certificate.issuer.der];
      services.revoke({ serialNumber, issuerDer }, { reason: 'keyCompromise' });
      return signer;
    },
    close: () => keyService.close(),
  };
}

/** What {@link company} makes. */
export type Company = Awaited<ReturnType<typeof company>>;
