import type { Descriptor } from '@notarykit/oci';
import { createRevocationChecker } from '@notarykit/pki';
import { createRegistry, type RegistryRepository } from '@notarykit/registry-client';
import { buildSignatureManifest, type VerifiedEnvelope } from '@notarykit/signature-envelope';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { verifyArtifactSignatures } from '../../support/verify-artifact.js';
import { labPolicy } from './notation.ts';

/** A repository through our client. */
export function repositoryAt(host: string, name: string): RegistryRepository {
  return createRegistry({ registry: host }).repository(name);
}

/** Our verdict under the policy that the lab's `notation` has. */
export function verifyWithUs(
  repository: RegistryRepository,
  image: Descriptor,
  root: Uint8Array,
): ReturnType<typeof verifyArtifactSignatures> {
  return verifyArtifactSignatures(repository, image, {
    policy: parseTrustPolicy(labPolicy),
    trustStore: memoryTrustStore({ ca: { lab: [root] } }),
    // The lab's certificates name no responder: whoever is asked all the same fails the test.
    revocation: createRevocationChecker({ fetch: (url) => Promise.reject(new Error(`asked ${url}`)) }),
  });
}

/** Pushes a signature by our client: as a referrer of the image. */
export async function attachSignature(
  repository: RegistryRepository,
  image: Descriptor,
  envelope: VerifiedEnvelope,
  options: Pick<Parameters<typeof buildSignatureManifest>[1], 'form' | 'annotations'> = {},
): Promise<void> {
  const built = buildSignatureManifest(image, { envelope, ...options });
  for (const { descriptor, bytes } of [built.config, built.envelope, built]) await repository.push(descriptor, bytes);
}
