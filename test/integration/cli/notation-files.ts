import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Writes the files of a user whose `notation` strictly trusts files that are signed below one root, and further files.
 *
 * @param root - certificate in PEM
 * @param files - content by path below `folder`
 */
export async function writeNotationFiles(
  folder: string,
  root: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const statement = {
    name: 'files',
    globalPolicy: true,
    signatureVerification: { level: 'strict' },
    trustStores: ['ca:lab'],
    trustedIdentities: ['*'],
  };
  await mkdir(join(folder, 'notation/truststore/x509/ca/lab'), { recursive: true });
  const all = {
    'notation/trustpolicy.blob.json': JSON.stringify({ version: '1.0', trustPolicies: [statement] }),
    'notation/truststore/x509/ca/lab/root.pem': root,
    ...files,
  };
  for (const [path, content] of Object.entries(all)) await writeFile(join(folder, path), content, { mode: 0o600 });
}
