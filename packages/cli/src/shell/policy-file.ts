import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseTrustPolicy, type TrustPolicy } from '@notarykit/trust-policy';
import { notationConfiguration } from '@notarykit/trust-policy/node';
import { UsageError } from './command.js';

/** Where the trust policy is kept, as notation 1.3 does. */
export const policyPath = (): string => join(notationConfiguration().paths.config, 'trustpolicy.oci.json');

/** Reads a policy document. */
export async function readPolicyFile(path: string): Promise<TrustPolicy> {
  return parseTrustPolicy(await readFile(path));
}

/** Writes the policy of this machine, after every rule of it was checked; one that is there stays unless `force` says otherwise. */
export async function writePolicy(text: string, force: boolean): Promise<string> {
  parseTrustPolicy(text);
  const path = policyPath();
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(path, text, { mode: 0o600, flag: force ? 'w' : 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new UsageError(`there is a trust policy at ${path}; replace it with --force`);
  }
  return path;
}
