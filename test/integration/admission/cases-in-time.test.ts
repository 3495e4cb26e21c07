// The cases to keep that are about what happens meanwhile: reloads, slow registries, callers who leave.
import { createAdmissionHandler, createCachedImageVerifier, verifyWith, webhookRegistry } from '@notarykit/admission';
import { memoryCache } from '@notarykit/common';
import { createRegistry } from '@notarykit/registry-client';
import { faults } from '@notarykit/testing';
import { describe, expect, it } from 'vitest';
import { ask, imagesOf, podRequest } from './ask.js';
import { type AdmissionLab, createAdmissionLab, host, policyFor } from './lab.js';

/** Holds a registry's answers about a repository until it is let go. */
function hold({ lab }: AdmissionLab, repository: string) {
  let asked: () => void = () => undefined;
  let go: () => void = () => undefined;
  const reached = new Promise<void>((resolve) => (asked = resolve));
  const released = new Promise<void>((resolve) => (go = resolve));
  const remove = lab.registry.rule({
    repository,
    route: 'referrers',
    action: async ({ next }) => {
      asked();
      await released;
      return next();
    },
  });
  const release = (): void => {
    remove();
    go();
  };
  return { reached, release };
}

describe('regression cases', () => {
  it.each([
    ['trusts', 'refuses', '*', `${host}/other`, true],
    ['refuses', 'trusts', `${host}/other`, '*', false],
  ])(
    'policy reload during a request: started under a policy that %s, then loaded one that %s',
    async (_, _other, first, second, admitted) => {
      const lab = await createAdmissionLab();
      await lab.image('signed', 'v1', true);
      const [before, after] = [first, second].map((scope) => ({ trust: { ...lab.trust, policy: policyFor([scope]) } }));
      let policy = before as NonNullable<typeof before>;
      const cache = memoryCache<string>();
      const open = ({ repository }: { repository: string }) => lab.repository(repository);
      const core = verifyWith({ policy: () => policy, open });
      let decide: () => void = () => undefined;
      const held = new Promise<void>((go) => (decide = go));
      let begun: () => void = () => undefined;
      const reached = new Promise<void>((go) => (begun = go));
      const verify = createCachedImageVerifier({
        cache,
        resolve: core.resolve,
        request: async (...asked) => {
          const snapshot = await core.request(...asked);
          begun();
          if ('verdict' in snapshot) {
            await held;
            return snapshot;
          }
          return {
            request: snapshot.request,
            decide: async (call) => {
              await held;
              return snapshot.decide(call);
            },
          };
        },
      });
      const handler = createAdmissionHandler({ review: { verify } });
      const outcome = (allowed: boolean) => ({ outcome: allowed ? 'allow' : 'deny' });
      const under = ask(handler, 'validate', podRequest([`${host}/signed:v1`]));
      await reached;
      policy = after as NonNullable<typeof after>;
      decide();
      expect(await under).toMatchObject(outcome(admitted));
      expect(await ask(handler, 'validate', podRequest([`${host}/signed:v1`]))).toMatchObject(outcome(!admitted));
      // Back again: what is kept under the first policy's key was decided under the first policy.
      policy = before as NonNullable<typeof before>;
      expect(await ask(handler, 'validate', podRequest([`${host}/signed:v1`]))).toMatchObject(outcome(admitted));
    },
  );

  it('registry 429 burst: every review is refused with its cause, few requests are made, and it ends when it may', async () => {
    const lab = await createAdmissionLab();
    await lab.image('signed', 'v1', true);
    let now = 1_000_000;
    const registry = createRegistry({
      registry: host,
      plainHttp: true,
      fetch: lab.lab.registry.fetch,
      ...webhookRegistry,
    });
    const remove = lab.lab.registry.rule({ action: faults.status({ status: 429, retryAfter: 30 }) });
    const verify = createCachedImageVerifier(
      verifyWith({
        policy: { trust: lab.trust },
        open: ({ repository }) => registry.repository(repository),
        now: () => now,
      }),
    );
    const handler = createAdmissionHandler({ review: { verify } });
    const before = lab.lab.registry.requests.length;
    const burst = Array.from({ length: 200 }, (_, i) =>
      ask(handler, 'validate', podRequest([`${host}/image-${i}:v1`])),
    );
    for (const outcome of await Promise.all(burst))
      expect(outcome).toMatchObject({ outcome: 'deny', message: expect.stringContaining('REGISTRY_UNAVAILABLE') });
    expect(lab.lab.registry.requests.length - before).toBeLessThanOrEqual(8);
    remove();
    expect(await ask(handler, 'validate', podRequest([`${host}/signed:v1`]))).toMatchObject({ outcome: 'deny' });
    now += 31_000;
    expect(await ask(handler, 'validate', podRequest([`${host}/signed:v1`]))).toMatchObject({ outcome: 'allow' });
  });

  it('deadline of 1 s: refuses in time instead of leaving it to failurePolicy', async () => {
    const lab = await createAdmissionLab();
    await lab.image('slow', 'v1', true);
    const { release } = hold(lab, 'slow');
    const handler = createAdmissionHandler({ review: { verify: lab.verify }, marginMs: 0 });
    const outcome = await ask(handler, 'validate', podRequest([`${host}/slow:v1`]), { query: '?timeout=1s' });
    expect(outcome).toMatchObject({ outcome: 'deny', code: 504, message: expect.stringContaining('DEADLINE') });
    release();
  });

  it('client disconnect: the review ends, others who wait for the same image get their answer', async () => {
    const lab = await createAdmissionLab();
    const { digest } = await lab.image('slow', 'v1', true);
    const { reached, release } = hold(lab, 'slow');
    const handler = createAdmissionHandler({ review: { verify: lab.verify }, tags: 'digests', maxInFlight: 2 });
    const client = new AbortController();
    const image = `${host}/slow:v1`;
    const left = ask(handler, 'mutate', podRequest([image]), { signal: client.signal });
    const stays = ask(handler, 'mutate', podRequest([image]));
    await reached;
    client.abort();
    expect(await left).toMatchObject({ outcome: 'deny', code: 504 });
    release();
    expect(imagesOf(await stays)).toEqual([`${image}@${digest}`]);
    // Nobody is left in flight: two more find room.
    const two = await Promise.all([image, image].map((each) => ask(handler, 'mutate', podRequest([each]))));
    expect(two.map(({ outcome }) => outcome)).toEqual(['allow', 'allow']);
  });
});
