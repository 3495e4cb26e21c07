import type { Fetch } from '@notarykit/common';
import { parseReference } from '@notarykit/oci';
import { createRegistry } from '@notarykit/registry-client';
import { parseTrustPolicy } from '@notarykit/trust-policy';
import { verify } from 'notarykit';
import { type Answer, answerOf } from './answer.js';
import { dateOf, revocationOf, type TrustTexts, trustStoreOf } from './trust.js';

/** Verifies an artifact in a registry; whatever the registry sends is hashed here. */
export function verifyArtifact(name: string, trust: TrustTexts, fetch?: Fetch): Promise<Answer> {
  return answerOf(name, async () => {
    const { registry, repository, tag, digest } = parseReference(name);
    const client = createRegistry({ registry, ...(fetch === undefined ? {} : { fetch }) });
    const { verdict, report } = await verify(client.repository(repository), digest ?? tag ?? 'latest', {
      policy: parseTrustPolicy(trust.policy),
      trustStore: trustStoreOf(trust.stores),
      ...dateOf(trust),
      ...(await revocationOf(trust)),
    });
    return { verdict, reports: [report] };
  });
}
