// The signer held to its contract, with the test runner of Node: node examples/custom-signer/dist/conformance.js
import { after, describe, test } from 'node:test';
import { signerConformance } from '@notarykit/kms-providers/conformance';
import { createAuthority } from '@notarykit/testing';
import { startSigningService } from './service.js';
import { wabbitSigner } from './signer.js';

const authority = await createAuthority();

for (const keySpec of ['EC-256', 'RSA-3072'] as const) {
  const service = await startSigningService(keySpec, 'secret');
  const { chain } = await authority.issueLeaf({ keyPair: service.keyPair });
  const throttled = () => {
    service.throttle = 1;
    return wabbitSigner(service.url, 'secret', chain);
  };
  const denied = () => wabbitSigner(service.url, 'stolen', chain);

  void describe(`Wabbit Networks signing service, ${keySpec}`, () => {
    after(() => service.close());
    signerConformance({
      test,
      keySpec,
      create: () => wabbitSigner(service.url, 'secret', chain),
      signatures: 50,
      faults: [
        { name: 'another token', create: denied, reason: 'unauthenticated', retryable: false },
        { name: 'throttled', create: throttled, reason: 'throttled', retryable: true },
      ],
    });
  });
}
