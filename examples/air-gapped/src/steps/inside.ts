import { readFile } from 'node:fs/promises';
import { offlineRevocationChecker } from '@notarykit/pki';
import type { RegistryRepository } from '@notarykit/registry-client';
import { openLayoutTar } from '@notarykit/registry-client/node';
import { copy, type Trust, verify } from 'notarykit';
import { decodeEvidence } from './evidence.js';
import type { Parcel } from './outside.js';

const day = 24 * 60 * 60 * 1000;

/** What is trusted inside: recorded answers stand for the network, as long as they are not older than a month. */
export async function trustInside(parcel: Parcel, trust: Omit<Trust, 'revocation'>): Promise<Trust> {
  const answers = decodeEvidence(await readFile(parcel.evidence));
  return { ...trust, revocation: offlineRevocationChecker({ answers, maxAgeMs: 30 * day }) };
}

/** Inside: verifies the tar under the name that the artifact had outside, copies it, and verifies once more where it is now. */
export async function unpackParcel(
  parcel: Parcel,
  repository: RegistryRepository,
  reference: string,
  { name, trust }: { readonly name: string; readonly trust: Trust },
) {
  const archive = await openLayoutTar(parcel.archive, { name });
  await copy(archive, repository, { reference, verify: trust });
  await archive.close();
  return await verify(repository, reference, trust);
}
