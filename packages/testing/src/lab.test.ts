import { expect, test } from 'vitest';
import { createTrustLab } from './lab.js';

test('a lab has a signer with its root in every store, running services, and a registry', async () => {
  const { leaf, signer, trustStore, services, registry, close } = await createTrustLab({ storeName: 'acme' });
  const { certificateChain } = await signer.describe();
  expect(certificateChain).toEqual(leaf.chain);
  for (const type of ['ca', 'signingAuthority', 'tsa'] as const) {
    expect(trustStore[type]['acme']).toEqual([leaf.chain.at(-1)]);
  }
  expect((await services.fetch(services.crlUrl('http://pki.test'))).status).toBe(200);
  const { url } = await registry.listen();
  expect((await fetch(`${url}/v2/`)).status).toBe(200);
  await close();
});
