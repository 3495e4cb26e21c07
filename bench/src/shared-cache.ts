import { redisCache, utf8 } from '@notarykit/common';
import { type Descriptor, describe, mediaTypes, memoryRepository, type Repository } from '@notarykit/oci';
import { createTrustLab } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { createCachedVerifier, sign, verify } from 'notarykit';
import { policy as document } from './trust/cases.js';

// A shared cache must never be slower than none: the slowest of a hundred verifications with a Redis that hangs, over those without.

const count = 1_000;
const lab = await createTrustLab();
const repository: Repository = memoryRepository('registry.test/bench');
const [statement] = document.trustPolicies;
const trustPolicies = [{ ...statement, trustStores: ['ca:lab'], trustedIdentities: ['*'] }];
const policy = parseTrustPolicy({ ...document, trustPolicies });
const trust = { policy, trustStore: memoryTrustStore(lab.trustStore) };

async function artifact(i: number): Promise<Descriptor> {
  const bytes = utf8(
    JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: [], annotations: { i: `${i}` } }),
  );
  const descriptor = describe(mediaTypes.imageIndex, bytes);
  await repository.push(descriptor, bytes);
  await sign(repository, descriptor, { signer: lab.signer });
  return descriptor;
}

const silent = (): Promise<never> => new Promise(() => undefined);
const hanging = redisCache({ get: silent, set: silent, del: silent });
const cached = createCachedVerifier({ cache: hanging });

async function milliseconds(work: Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work;
  return performance.now() - began;
}

const p99 = (times: readonly number[]): number =>
  [...times].sort((a, b) => a - b)[Math.floor(times.length * 0.99)] as number;

const artifacts: Descriptor[] = [];
for (let i = 0; i < count; i++) artifacts.push(await artifact(i));
for (const descriptor of artifacts.slice(0, 100)) await verify(repository, descriptor, trust);
const times = { without: [] as number[], hung: [] as number[] };
// In turns: whatever else the machine does falls on both.
for (const descriptor of artifacts) {
  times.without.push(await milliseconds(verify(repository, descriptor, trust)));
  times.hung.push(await milliseconds(cached(repository, descriptor, trust)));
}
const [without, hung] = [p99(times.without), p99(times.hung)];
console.log(
  `shared-cache: p99 with Redis hung ${hung.toFixed(2)} ms, without ${without.toFixed(2)} ms: ${(hung / without).toFixed(2)} (goal <= 1.2)`,
);
