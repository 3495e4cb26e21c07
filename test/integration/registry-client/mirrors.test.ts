import { memoryRepository, mirroredRepository } from '@notarykit/oci';
import { createTrustLab, faults } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { copy, publish, verify } from 'notarykit';
import { expect, it } from 'vitest';
import { labPolicy } from '../../support/lab-policy.js';
import { basicAuth, quick, serve } from './support.js';

const scope = (host: string) => [`${host}/app`];

it('verifies under the origin by content of a mirror, each with its own account', async () => {
  const lab = await createTrustLab();
  const origin = await serve({ auth: basicAuth });
  const theirs = { username: 'mirror', password: 'mirror-secret' };
  const mirror = await serve({ auth: { scheme: 'basic', accounts: [theirs] } });
  const account = { username: 'wabbit', password: 'carrot-secret' };
  const ours = origin.client({ credentials: account }).repository('app');
  const there = mirror.client({ credentials: theirs }).repository('proxy/app');
  const push = { artifactType: 'a/b', layers: [{ mediaType: 'text/plain', content: new Uint8Array(1000) }] };
  const { artifact } = await publish(ours, { push, sign: { signer: lab.signer }, tag: 'v1' });
  // Mirrors copy images, and not what refers to them.
  await copy(ours, there, { reference: 'v1', referrers: false });
  origin.registry.forgetRequests();
  mirror.registry.forgetRequests();
  const mirrored = mirroredRepository(ours, [there]);
  const policy = parseTrustPolicy(labPolicy({ name: 'lab', scopes: scope(origin.host), withoutRevocation: true }));
  const trust = { policy, trustStore: memoryTrustStore(lab.trustStore) };
  expect((await verify(mirrored, 'v1', trust)).verdict).toBe('trusted');
  const outcome = await copy(mirrored, memoryRepository('target.test/app'), { reference: 'v1', verify: trust });
  expect(outcome.root.digest).toBe(artifact.digest);
  const layers = (requests: typeof origin.registry.requests) =>
    requests.filter(({ method, route, status }) => method === 'GET' && route === 'blob' && status === 200).length;
  // Config and layer from the mirror, the signature's envelope from the origin.
  expect(layers(mirror.registry.requests)).toBeGreaterThanOrEqual(2);
  const sent = ({ registry }: typeof origin) =>
    new Set(registry.requests.flatMap(({ headers }) => headers['authorization'] ?? []));
  expect([...sent(origin)].filter((value) => sent(mirror).has(value))).toEqual([]);
  expect(sent(mirror).size).toBe(1);
});

it('a mirror that fails costs its requests, an origin that fails ends the verification', async () => {
  const lab = await createTrustLab();
  const [origin, mirror] = [await serve(), await serve()];
  const ours = origin.client({ ...quick, retry: { maxRetries: 0 } }).repository('app');
  const there = mirror.client({ ...quick, retry: { maxRetries: 0 } }).repository('app');
  const push = { artifactType: 'a/b', layers: [] };
  await publish(ours, { push, sign: { signer: lab.signer }, tag: 'v1' });
  await copy(ours, there, { reference: 'v1' });
  const policy = parseTrustPolicy(labPolicy({ name: 'lab', scopes: scope(origin.host), withoutRevocation: true }));
  const trust = { policy, trustStore: memoryTrustStore(lab.trustStore) };
  const failures: unknown[] = [];
  const mirrored = mirroredRepository(ours, [there], { onMirrorFailure: (_, cause) => failures.push(cause) });
  mirror.registry.rule({ action: faults.status({ status: 503 }) });
  expect((await verify(mirrored, 'v1', trust)).verdict).toBe('trusted');
  expect(failures).not.toEqual([]);
  mirror.registry.clearRules();
  origin.registry.rule({ route: 'referrers', action: faults.status({ status: 503 }) });
  await expect(verify(mirrored, 'v1', trust)).rejects.toMatchObject({ code: 'ERR_REGISTRY_UNAVAILABLE' });
});
