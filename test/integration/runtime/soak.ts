// Verifies one signature a thousand times at once, then ten thousand times one after the other, and prints how much more memory
// is in use at the end than after the first thousand.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { memoryRepository } from '@notarykit/oci';
import { createTrustLab } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { publish, verify } from 'notarykit';
import { labPolicy } from '../../support/lab-policy.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const inUse = (): number => {
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1024 / 1024;
};

const lab = await createTrustLab();
const policy = parseTrustPolicy(labPolicy({ withoutRevocation: true }));
const trust = { policy, trustStore: memoryTrustStore(lab.trustStore) };
const repository = memoryRepository('registry.test/net-monitor');
const { artifact } = await publish(repository, {
  push: { artifactType: 'example/app', layers: [] },
  sign: { signer: lab.signer },
  tag: 'v1',
});
let trusted = 0;
const once = async (): Promise<void> => {
  if ((await verify(repository, artifact, trust)).verdict === 'trusted') trusted++;
};
await Promise.all(Array.from({ length: 1000 }, once));
const before = inUse();
for (let i = 0; i < 10_000; i++) await once();
console.log(JSON.stringify({ trusted, grownMiB: Math.round((inUse() - before) * 10) / 10 }));
