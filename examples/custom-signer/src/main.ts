// An artifact signed with a key that only the signing service has, and verified.
import { createRegistry } from '@notarykit/registry-client';
import { createTrustLab, type TrustLab } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { publish, verify } from 'notarykit';
import { type SigningService, startSigningService } from './service.js';
import { wabbitSigner } from './signer.js';

const policy = parseTrustPolicy({
  version: '1.0',
  trustPolicies: [
    {
      name: 'wabbit-networks',
      registryScopes: ['*'],
      signatureVerification: { level: 'permissive' },
      trustStores: ['ca:lab'],
      trustedIdentities: ['*'],
    },
  ],
});

async function signAndVerify(lab: TrustLab, service: SigningService): Promise<string> {
  const { chain } = await lab.authority.issueLeaf({ keyPair: service.keyPair });
  const signer = wabbitSigner(service.url, 'secret', chain);
  const repository = createRegistry({ registry: 'registry.test', fetch: lab.registry.fetch }).repository('net-monitor');
  await publish(repository, { push: { artifactType: 'example/app', layers: [] }, sign: { signer }, tag: 'v1' });
  const { verdict, digest } = await verify(repository, 'v1', { policy, trustStore: memoryTrustStore(lab.trustStore) });
  return `${verdict} ${digest}`;
}

async function play(): Promise<string> {
  const lab = await createTrustLab();
  const service = await startSigningService('EC-256', 'secret');
  try {
    return await signAndVerify(lab, service);
  } finally {
    await service.close();
    await lab.close();
  }
}

play().then(
  (line) => console.log(line),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
