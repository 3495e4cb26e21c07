import { writeFile } from 'node:fs/promises';
import type { Fetch } from '@notarykit/common';
import { recordingRevocationChecker } from '@notarykit/pki';
import type { RegistryRepository } from '@notarykit/registry-client';
import { openLayoutTar } from '@notarykit/registry-client/node';
import { copy, type Trust } from 'notarykit';
import { encodeEvidence } from './evidence.js';

/** What goes over the gap. */
export interface Parcel {
  /** An OCI image layout: the artifact with everything that refers to it. */
  readonly archive: string;
  /** What the authorities said about the certificates, on that day. */
  readonly evidence: string;
}

/** Outside: verifies with the network, keeps what the authorities said, and writes the artifact into a tar. */
export async function packParcel(
  repository: RegistryRepository,
  reference: string,
  parcel: Parcel,
  trust: Omit<Trust, 'revocation'>,
  fetch: Fetch,
): Promise<void> {
  const revocation = recordingRevocationChecker({ fetch });
  const archive = await openLayoutTar(parcel.archive, { create: true });
  await copy(repository, archive, { reference, verify: { ...trust, revocation } });
  await archive.save();
  await archive.close();
  await writeFile(parcel.evidence, encodeEvidence(revocation.answers));
}
