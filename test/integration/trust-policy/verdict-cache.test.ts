import type { Cache } from '@notarykit/common';
import type { Repository } from '@notarykit/oci';
import { createCachedVerifier, memoryTrustStore } from '@notarykit/trust-policy';
import { beforeEach, describe, expect, it } from 'vitest';
import { createLab, type Lab, policy } from './lab.js';

let lab: Lab;
beforeEach(async () => {
  lab = await createLab();
});

describe('createCachedVerifier', () => {
  const now = new Date('2026-06-01T00:00:10Z');

  function counted(): { repository: Repository; listed: () => number } {
    let count = 0;
    const repository: Repository = {
      ...lab.repository,
      referrers: (...args) => {
        count += 1;
        return lab.repository.referrers(...args);
      },
    };
    return { repository, listed: () => count };
  }

  it('remembers trusted verdicts while nothing that they rest on changes', async () => {
    await lab.attach(
      (await lab.sign({ now: new Date('2026-01-01T00:00:00Z'), expiry: new Date('2026-06-01T00:01:00Z') })).verified,
    );
    const cache = new Map<string, string>();
    const stored: Cache<string> = {
      get: async (key) => cache.get(key),
      set: async (key, value) => cache.set(key, value),
      delete: async (key) => cache.delete(key),
    };
    const verifier = createCachedVerifier({ cache: stored, bucketSeconds: 300 });
    const { repository, listed } = counted();
    const options = { policy: policy(), trustStore: lab.anchors, now };
    const run = (patch: object = {}) => verifier(repository, lab.artifact, { ...options, ...patch });
    expect(await run()).toMatchObject({ verdict: 'trusted', cached: false });
    expect(await run()).toMatchObject({ verdict: 'trusted', cached: true });
    expect(listed()).toBe(1);
    // Past validUntil in the same stretch of time: judged anew, and refused.
    await expect(run({ now: new Date('2026-06-01T00:01:00Z') })).rejects.toMatchObject({
      code: 'ERR_TRUST_NOT_VERIFIED',
    });
    for (const patch of [
      { policy: policy({ name: 'other' }) },
      {
        trustStore: memoryTrustStore({
          ca: { lab: [lab.authority.root.certificate, lab.authority.issuer.certificate] },
        }),
      },
      { maxSignatures: 7 },
      { now: new Date('2026-05-31T23:00:00Z') },
    ]) {
      expect(await run(patch)).toMatchObject({ cached: false });
    }
  });

  it('refusals are never remembered, equal work under way is done once, a broken cache only costs time', async () => {
    const broken: Cache<string> = {
      get: () => Promise.reject(new Error('x')),
      set: () => Promise.reject(new Error('x')),
      delete: async () => undefined,
    };
    const verifier = createCachedVerifier({ cache: broken });
    const { repository, listed } = counted();
    const options = { policy: policy(), trustStore: lab.anchors, now };
    await expect(verifier(repository, lab.artifact, options)).rejects.toMatchObject({ code: 'ERR_TRUST_NO_SIGNATURE' });
    await lab.attach((await lab.sign()).verified);
    const verdicts = await Promise.all(Array.from({ length: 20 }, () => verifier(repository, lab.artifact, options)));
    expect(verdicts.every(({ verdict }) => verdict === 'trusted')).toBe(true);
    expect(listed()).toBe(2);
  });
});
