import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRevocationChecker, encodePem } from '@notarykit/pki';
import { loadNotationTrust } from 'notarykit/node';
import type { World } from './world.js';

/**
 * What somebody trusts, in the files of an installed `notation`: a policy and a folder of certificates for each of `companies`.
 *
 * @returns trust for every verb, read from the files
 */
export async function trustInFiles(folder: string, companies: readonly World['vendor'][], scopes: readonly string[]) {
  const stores: string[] = [];
  for (const { name, root } of companies) {
    const store = name.toLowerCase().replaceAll(' ', '-');
    const path = join(folder, 'truststore/x509/ca', store);
    await mkdir(path, { recursive: true });
    await writeFile(join(path, 'root.pem'), encodePem('CERTIFICATE', root));
    stores.push(`ca:${store}`);
  }
  const statement = {
    name: 'imports',
    registryScopes: scopes,
    signatureVerification: { level: 'strict' },
    trustStores: stores,
    trustedIdentities: companies.map(({ name }) => `x509.subject:C=US,ST=WA,O=${name}`),
  };
  const policy = JSON.stringify({ version: '1.0', trustPolicies: [statement] });
  await writeFile(join(folder, 'trustpolicy.json'), policy, { mode: 0o600 });
  return await loadNotationTrust({ env: { NOTATION_CONFIG: folder }, revocation });
}

/** The certificates of this story name nobody who could be asked about them. */
const revocation = createRevocationChecker({ fetch: (url) => Promise.reject(new Error(`nobody is there: ${url}`)) });
