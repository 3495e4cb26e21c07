import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodePem } from '@notarykit/pki';
import { labPolicy } from './lab-policy.ts';

/** Writes the configuration of notation that trusts every signature under a root certificate, DER, without revocation. */
export async function writeNotationTrust(folder: string, root: Uint8Array): Promise<void> {
  const store = join(folder, 'truststore', 'x509', 'ca', 'lab');
  await mkdir(store, { recursive: true });
  await writeFile(join(store, 'root.pem'), encodePem('CERTIFICATE', root));
  await writeFile(join(folder, 'trustpolicy.json'), JSON.stringify(labPolicy({ withoutRevocation: true })), {
    mode: 0o600,
  });
}
