import { openGraph, packArtifact } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { mediaTypes, memoryRepository } from '@notarykit/oci';
import { createRegistry } from '@notarykit/registry-client';
import { createEmbeddedRegistry, createTrustLab } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { copy, createBundle, sign } from 'notarykit';
import { expect, it } from 'vitest';

const policy = parseTrustPolicy({
  version: '1.0',
  trustPolicies: [
    {
      name: 'build',
      registryScopes: ['*'],
      signatureVerification: { level: 'strict', override: { revocation: 'skip' } },
      trustStores: ['ca:lab'],
      trustedIdentities: ['*'],
    },
  ],
});

/** A signed artifact, and what its registry is asked from here on. */
async function setup() {
  const registry = createEmbeddedRegistry();
  const lab = await createTrustLab();
  const fresh = () => createRegistry({ registry: 'registry.test', fetch: registry.fetch }).repository('app');
  const layers = [{ mediaType: mediaTypes.imageLayer, content: utf8('layer') }];
  await packArtifact(fresh(), { artifactType: 'application/vnd.test', layers, tags: ['v1'] });
  await sign(fresh(), 'v1', { signer: lab.signer });
  registry.forgetRequests();
  const asked = (): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const { method, route } of registry.requests)
      counts[`${method} ${route}`] = (counts[`${method} ${route}`] ?? 0) + 1;
    return counts;
  };
  return { fresh, asked, trust: { policy, trustStore: memoryTrustStore(lab.trustStore) } };
}

const target = () => memoryRepository('target.test/app');

it('copy with verification makes one more list request, and no request twice', async () => {
  const plain = await setup();
  await copy(plain.fresh(), target(), { reference: 'v1' });
  const verified = await setup();
  await copy(verified.fresh(), target(), { reference: 'v1', verify: verified.trust });
  const lists = plain.asked()['GET referrers'] ?? 0;
  expect(verified.asked()).toEqual({ ...plain.asked(), 'GET referrers': lists + 1 });
});

it('a bundle is made of what verifying it read', async () => {
  const { fresh, asked, trust } = await setup();
  await createBundle({ repository: fresh(), reference: 'v1' }, trust);
  expect(asked()).toMatchObject({ 'GET manifest': 2, 'GET referrers': 2 });
});

it('a view of another repository is refused', async () => {
  const { fresh } = await setup();
  const view = openGraph(fresh());
  const asked = copy(fresh(), target(), { reference: 'v1', view });
  await expect(asked).rejects.toMatchObject({ code: 'ERR_GRAPH_INVALID' });
});

it('a copy of a view, which may show other things, is not taken for the view', async () => {
  const { fresh } = await setup();
  const repository = fresh();
  const view = { ...openGraph(repository) };
  const asked = copy(repository, target(), { reference: 'v1', view });
  await expect(asked).rejects.toMatchObject({ code: 'ERR_GRAPH_INVALID' });
});
