import type { Fetch } from '@notarykit/common';
import { parseReference } from '@notarykit/oci';
import { createRegistry } from '@notarykit/registry-client';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { verify } from 'notarykit';
import { type Answer, answerOf } from './answer.js';

/** What is trusted, as texts: a policy document, and PEM certificates for the store `ca:page`. */
export interface TrustTexts {
  readonly policy: string;
  readonly certificates: string;
}

/** Verifies an artifact in a registry; whatever the registry sends is hashed here. */
export function verifyArtifact(reference: string, trust: TrustTexts, fetch?: Fetch): Promise<Answer> {
  return answerOf(async () => {
    const { registry, repository, tag, digest } = parseReference(reference);
    const client = createRegistry({ registry, ...(fetch === undefined ? {} : { fetch }) });
    return await verify(client.repository(repository), digest ?? tag ?? 'latest', {
      policy: parseTrustPolicy(trust.policy),
      trustStore: memoryTrustStore({ ca: { page: trust.certificates } }),
    });
  });
}
