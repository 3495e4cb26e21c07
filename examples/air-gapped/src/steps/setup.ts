import { utf8 } from '@notarykit/common';
import { createRegistry } from '@notarykit/registry-client';
import { createEmbeddedRegistry, createTrustLab } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { publish } from 'notarykit';

const base = 'http://pki.wabbit-networks.test';

/** A network outside with a registry and an OCSP responder, and one inside with a registry and nothing else. */
export async function createSetup() {
  const { authority, services, trustStore, registry } = await createTrustLab();
  const outside = createRegistry({ registry: 'outside.test', fetch: registry.fetch }).repository('net-monitor');
  const inside = createRegistry({ registry: 'inside.test', fetch: createEmbeddedRegistry().fetch }).repository(
    'net-monitor',
  );
  const leaf = await authority.issueLeaf({ ocspUrls: [services.ocspUrl(base)] });
  await publish(outside, {
    push: { artifactType: 'application/vnd.wabbit.net-monitor', layers: [] },
    sign: { signer: leaf.signer },
    attach: [
      {
        artifactType: 'sbom/example',
        files: [{ name: 'sbom.json', mediaType: 'application/json', content: utf8('{"contents":"good"}') }],
      },
    ],
    tag: 'v1',
  });
  const policy = parseTrustPolicy({
    version: '1.0',
    trustPolicies: [
      {
        name: 'wabbit-networks',
        registryScopes: [outside.name, inside.name],
        signatureVerification: { level: 'strict' },
        trustStores: ['ca:lab'],
        trustedIdentities: ['*'],
      },
    ],
  });
  return {
    outside,
    inside,
    /** The network, which only the outside has. */
    fetchOutside: services.fetch,
    trust: { policy, trustStore: memoryTrustStore(trustStore) },
  };
}
