import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRevocationChecker, encodePem } from '@notarykit/pki';
import { loadNotationTrust } from 'notarykit/node';
import type { Setup } from './setup.js';

/**
 * What somebody trusts, in the files of an installed `notation`: a policy and a folder of certificates for each of `companies`.
 *
 * @returns trust for every verb, read from the files
 */
export async function trustInFiles(folder: string, companies: readonly Setup['vendor'][], scopes: readonly string[]) {
  const statement = { registryScopes: scopes, ...together(await signersIn(folder, companies)) };
  return await load(folder, { version: '1.0', trustPolicies: [{ ...base, ...statement }] });
}

/**
 * The same for a company that wants both: what the vendor made, and a certifier examined. An extended policy, for a whole registry,
 * that ends by itself.
 */
export async function vendorAndCertifierInFiles(folder: string, { vendor, hub, userRepository }: Setup) {
  const [made, examined] = await signersIn(folder, [vendor, hub]);
  const of = [
    { name: 'vendor', kind: 'vendor', ...made },
    { name: 'certifier', kind: 'certifier', ...examined },
  ];
  const [registry] = userRepository.name.split('/');
  const statement = { registryScopes: [registry], signers: { required: 2, of }, expires: policyEnds };
  return await load(folder, { version: '1.0+notarykit.3', trustPolicies: [{ ...base, ...statement }] });
}

/** What is trusted for a while only. */
export const policyEnds = '2099-12-31T00:00:00Z';

const base = { name: 'imports', signatureVerification: { level: 'strict' } };

/** A folder of certificates and an identity for each company. */
async function signersIn(folder: string, companies: readonly Setup['vendor'][]) {
  const signers: { readonly trustStores: readonly string[]; readonly trustedIdentities: readonly string[] }[] = [];
  for (const { name, root } of companies) {
    const store = name.toLowerCase().replaceAll(' ', '-');
    const path = join(folder, 'truststore/x509/ca', store);
    await mkdir(path, { recursive: true });
    await writeFile(join(path, 'root.pem'), encodePem('CERTIFICATE', root));
    signers.push({ trustStores: [`ca:${store}`], trustedIdentities: [`x509.subject:C=US,ST=WA,O=${name}`] });
  }
  return signers;
}

const together = (signers: Awaited<ReturnType<typeof signersIn>>) => ({
  trustStores: signers.flatMap(({ trustStores }) => trustStores),
  trustedIdentities: signers.flatMap(({ trustedIdentities }) => trustedIdentities),
});

async function load(folder: string, document: object) {
  await writeFile(join(folder, 'trustpolicy.json'), JSON.stringify(document), { mode: 0o600 });
  return await loadNotationTrust({ env: { NOTATION_CONFIG: folder }, revocation });
}

/** The certificates of this story name no OCSP responder and no CRL. */
const revocation = createRevocationChecker({
  fetch: (url) => Promise.reject(new Error(`nothing listens there: ${url}`)),
});
