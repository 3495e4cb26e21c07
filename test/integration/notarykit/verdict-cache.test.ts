import type { Cache } from '@notarykit/common';
import type { Repository } from '@notarykit/oci';
import { memoryTrustStore } from '@notarykit/trust-policy';
import { createCachedVerifier, createVerdictCache, openGraph, sign } from 'notarykit';
import { decideVerdict, keptOf, verdictRequest } from 'notarykit/internal';
import { beforeEach, describe, expect, it } from 'vitest';
import { createGateSetup } from '../../support/gate-setup.js';
import { createLab, type Lab, policy } from '../trust-policy/lab.js';

let lab: Lab;
beforeEach(async () => {
  lab = await createLab();
});

describe('createCachedVerifier', () => {
  const now = new Date('2026-06-01T00:00:10Z');
  const source = 'memory of this test';

  function counted(): { repository: Repository; listed: () => number } {
    let count = 0;
    const repository: Repository = {
      ...lab.repository,
      source,
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

  it('an entry that is not a report of this artifact under this policy is verified again', async () => {
    await lab.attach((await lab.sign()).verified);
    const stored = new Map<string, string>();
    const cache = over(stored);
    const verifier = createCachedVerifier({ cache });
    const options = { policy: policy(), trustStore: lab.anchors, now };
    const repository = { ...lab.repository, source };
    await verifier(repository, lab.artifact, options);
    const [[key, text] = ['', '']] = [...stored];
    const entry = JSON.parse(text);
    const { report } = entry;
    const reports = [
      { verdict: 'refused' },
      { reportVersion: '1.0' },
      { subject: { ...report.subject, digest: `sha256:${'0'.repeat(64)}` } },
      { subject: { ...report.subject, repository: 'registry.test/other' } },
      { signatures: [] },
      { signatures: 'many' },
      { signatures: [{ verdict: 'trusted' }] },
      { signatures: report.signatures.map((signature: object) => ({ ...signature, verdict: 'refused' })) },
    ].map((patch) => ({ report: { ...report, ...patch } }));
    const patches = [
      ...reports,
      { entry: '1' },
      { key: `${key}0` },
      { about: { ...entry.about, repository: 'registry.test/other' } },
      { about: { ...entry.about, size: entry.about.size + 1 } },
      { about: undefined },
      { report: undefined },
      { verdict: 'skipped' },
      { verdict: 'refused', code: 'ERR_TRUST_NO_SIGNATURE', message: 'no' },
      { verdict: 'undecided' },
      { evaluatedAt: undefined },
      { evaluatedAt: '2026-06-01T00:00:11Z' },
      { evaluatedAt: '2026-05-31T23:55:10Z' },
      { validUntil: 'soon' },
      { validUntil: '2026-01-01T00:00:00Z' },
    ].map((patch) => JSON.stringify({ ...entry, ...patch }));
    for (const poisoned of ['', 'null', '[]', '{}', '"trusted"', text.slice(1), ...patches]) {
      stored.set(key, poisoned);
      expect(await verifier(repository, lab.artifact, options), poisoned).toMatchObject({ cached: false });
      expect(await verifier(repository, lab.artifact, options), poisoned).toMatchObject({ cached: true });
    }
  });

  it('of verifiers that share a cache with "add", one verifies and the others wait for it', async () => {
    await lab.attach((await lab.sign()).verified);
    const stored = new Map<string, string>();
    const cache = { ...over(stored), add: adder(stored) };
    const { repository, listed } = counted();
    const options = { policy: policy(), trustStore: lab.anchors, now };
    const verdicts = await Promise.all(
      Array.from({ length: 8 }, () => createCachedVerifier({ cache })(repository, lab.artifact, options)),
    );
    expect(listed()).toBe(1);
    expect(verdicts.filter(({ cached }) => cached)).toHaveLength(7);
    expect([...stored.keys()].filter((key) => key.endsWith(':work'))).toEqual([]);
  });

  it('a mark that nobody takes away, a refusal and a failing "add" cost time and nothing else', async () => {
    const options = { policy: policy(), trustStore: lab.anchors, now };
    const marked = {
      ...over(new Map()),
      get: async (key: string) => (key.endsWith(':work') ? 'under way' : undefined),
    };
    const stuck = createCachedVerifier({ cache: { ...marked, add: async () => false }, waitMs: 30 });
    const refused = { code: 'ERR_TRUST_NO_SIGNATURE' };
    await expect(stuck(lab.repository, lab.artifact, options)).rejects.toMatchObject(refused);
    const stored = new Map<string, string>();
    const cache = { ...over(stored), add: adder(stored) };
    const all = Array.from({ length: 3 }, () => createCachedVerifier({ cache })(lab.repository, lab.artifact, options));
    for (const outcome of await Promise.allSettled(all))
      expect(outcome).toMatchObject({ status: 'rejected', reason: refused });
    await lab.attach((await lab.sign()).verified);
    expect(await stuck(lab.repository, lab.artifact, options)).toMatchObject({ verdict: 'trusted', cached: false });
    const failing = { ...over(new Map()), add: () => Promise.reject(new Error('down')) };
    const verifier = createCachedVerifier({ cache: failing });
    expect(await verifier(lab.repository, lab.artifact, options)).toMatchObject({ verdict: 'trusted', cached: false });
  });
});

describe('platforms of an index', () => {
  it('are remembered, each way of asking under its own key', async () => {
    const setup = await createGateSetup();
    const repository = { ...setup.repository, source: 'memory of this test' };
    const platform = await setup.image('one', { os: 'linux', architecture: 'amd64' });
    const root = await setup.index([platform]);
    const stored = new Map<string, string>();
    const verifier = createCachedVerifier({ cache: over(stored) });
    const options = { ...setup.trust(), statement: 'build' };
    const ask = (platforms: 'index' | 'children' | 'both') => verifier(repository, root, { ...options, platforms });
    expect(await ask('index')).toMatchObject({ verdict: 'trusted', cached: false });
    for (const platforms of ['children', 'both'] as const)
      await expect(ask(platforms)).rejects.toMatchObject({ code: 'ERR_TRUST_NO_SIGNATURE' });
    await sign(repository, platform, { signer: setup.build.signer });
    for (const platforms of ['children', 'both'] as const) {
      expect(await ask(platforms)).toMatchObject({ verdict: 'trusted', cached: false });
      expect(await ask(platforms)).toMatchObject({ verdict: 'trusted', cached: true });
    }
    expect(stored.size).toBe(3);
    const patched = (subject: object) => {
      for (const [key, text] of stored) {
        const entry = JSON.parse(text) as { report: { subject: object } };
        const report = { ...entry.report, subject: { ...entry.report.subject, ...subject } };
        stored.set(key, JSON.stringify({ ...entry, report }));
      }
    };
    patched({ repository: 'registry.test/other' });
    for (const platforms of ['index', 'children', 'both'] as const)
      expect(await ask(platforms)).toMatchObject({ verdict: 'trusted', cached: false });
    const { mediaType, digest, size } = platform;
    patched({ mediaType, digest, size });
    for (const platforms of ['index', 'both'] as const)
      expect(await ask(platforms)).toMatchObject({ verdict: 'trusted', cached: false });
  });

  it('that refuse are remembered with the report on the platform', async () => {
    const setup = await createGateSetup();
    const repository = { ...setup.repository, source: 'memory of this test' };
    const root = await setup.index([await setup.image('one', { os: 'linux', architecture: 'amd64' })]);
    const stored = new Map<string, string>();
    const verdicts = createVerdictCache({ cache: over(stored), refusedTtlMs: 60_000 });
    const trust = { ...setup.trust(), statement: 'build' };
    for (const platforms of ['children', 'both'] as const) {
      const view = openGraph(repository);
      const request = await verdictRequest(view, { descriptor: root }, { trust, platforms });
      const ask = () => verdicts.ask(request, async (signal) => keptOf(await decideVerdict(view, request, { signal })));
      const refused = { verdict: 'refused', code: 'ERR_TRUST_NO_SIGNATURE' };
      expect(await ask()).toMatchObject({ ...refused, cached: false });
      expect(await ask()).toMatchObject({ ...refused, report: { verdict: 'refused' }, cached: true });
      // A report with the words of an earlier version is not read.
      for (const [key, text] of stored)
        stored.set(key, text.replaceAll('"verdict":"refused"', '"verdict":"notTrusted"'));
      expect(await ask()).toMatchObject({ ...refused, cached: false });
      for (const [key, text] of stored) {
        const { report, ...entry } = JSON.parse(text);
        stored.set(key, JSON.stringify({ ...entry, report: { ...report, verdict: 'notTrusted' } }));
      }
      expect(await ask()).toMatchObject({ ...refused, report: { verdict: 'refused' }, cached: false });
    }
  });
});

function over(stored: Map<string, string>): Cache<string> {
  return {
    get: async (key) => stored.get(key),
    set: async (key, value) => stored.set(key, value),
    delete: async (key) => stored.delete(key),
  };
}

function adder(stored: Map<string, string>): (key: string, value: string) => Promise<boolean> {
  return async (key, value) => {
    if (stored.has(key)) return false;
    stored.set(key, value);
    return true;
  };
}
