import type { Descriptor, Repository } from '@notarykit/oci';
import type { ArtifactTrustOptions } from '@notarykit/trust-policy';
import { type Skipped, type Verified, verify } from 'notarykit';

export type VerifyArtifactOptions = ArtifactTrustOptions;

/** Verifies one manifest by its descriptor: nothing is resolved, and an index is judged by its own signatures. */
export function verifyArtifactSignatures(
  repository: Repository,
  descriptor: Descriptor,
  options: VerifyArtifactOptions,
): Promise<Verified | Skipped> {
  return verify(repository, descriptor, options);
}
