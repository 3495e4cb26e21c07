import { packArtifact } from '@notarykit/artifact-graph';
import { memoryRepository } from '@notarykit/oci';
import { createTrustLab } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { copy, sign } from 'notarykit';
import { expect, it } from 'vitest';

it('what comes from a layout is judged by the statement of the repository it is said to be from', async () => {
  const { signer, trustStore } = await createTrustLab();
  const layout = memoryRepository('local/net-monitor');
  const { descriptor } = await packArtifact(layout, { artifactType: 'example/app', layers: [], tags: ['v1'] });
  await sign(layout, descriptor, { signer });
  const base = { signatureVerification: { level: 'permissive' }, trustStores: ['ca:lab'] };
  const strict = { name: 'strict', registryScopes: ['registry.test/net-monitor'] };
  const policy = parseTrustPolicy({
    version: '1.0',
    trustPolicies: [
      { ...base, ...strict, trustedIdentities: ['x509.subject:C=US,ST=WA,O=somebody else'] },
      { ...base, name: 'wide', registryScopes: ['*'], trustedIdentities: ['*'] },
    ],
  });
  const trust = { policy, trustStore: memoryTrustStore(trustStore) };
  const target = memoryRepository('registry.test/net-monitor');
  const asked = (verify: object) => copy(layout, target, { reference: 'v1', verify: { ...trust, ...verify } });
  await expect(asked({ scope: target.name })).rejects.toMatchObject({ code: 'ERR_TRUST_NOT_VERIFIED' });
  await expect(target.resolve('v1')).rejects.toMatchObject({ code: 'ERR_OCI_NOT_FOUND' });
  expect((await asked({})).root.digest).toBe(descriptor.digest);
});
