import { memoryCache } from '@notarykit/common';
import { describe, expect, it } from 'vitest';
import { parseImage } from '../images/image.js';
import type { ImageVerdict } from '../review/verdict.js';
import { type CachedVerifierOptions, cachedVerifier, type PolicySnapshot } from './cached.js';

const digest = `sha256:${'a'.repeat(64)}` as const;
const context = { dryRun: false };
const image = parseImage('r.io/x:1');

type Decide = PolicySnapshot['verify'];
interface Settings extends Partial<CachedVerifierOptions> {
  readonly verify?: Decide;
  readonly key?: () => string;
}

function setUp(verdict: Partial<ImageVerdict> = {}, { verify: own, key, ...options }: Settings = {}) {
  const counts = { resolve: 0, verify: 0 };
  let time = 1_000_000;
  const decide: Decide = async () => {
    counts.verify++;
    return { outcome: 'trusted', code: 'TRUSTED', message: 'signed', ...verdict };
  };
  const verify = cachedVerifier({
    resolve: async () => {
      counts.resolve++;
      return digest;
    },
    policy: () => ({ key: key?.() ?? 'p1', verify: own ?? decide }),
    now: () => time,
    ...options,
  });
  return { verify, counts, pass: (ms: number) => (time += ms) };
}

describe('cachedVerifier', () => {
  it('500 identical images at once: one verification', async () => {
    const { verify, counts } = setUp();
    const verdicts = await Promise.all(Array.from({ length: 500 }, () => verify(image, context)));
    expect(counts).toEqual({ resolve: 1, verify: 1 });
    expect(new Set(verdicts.map((verdict) => verdict.digest))).toEqual(new Set([digest]));
  });

  it('keeps a trusted verdict, but never past its end', async () => {
    const { verify, counts, pass } = setUp({ validUntil: new Date(1_060_000) });
    await verify(image, context);
    pass(59_000);
    await verify(image, context);
    expect(counts.verify).toBe(1);
    pass(2_000);
    await verify(image, context);
    expect(counts.verify).toBe(2);
  });

  it('keeps a refusal shortly and never what could not be decided', async () => {
    const refused = setUp({ outcome: 'denied' });
    await refused.verify(image, context);
    await refused.verify(image, context);
    refused.pass(6_000);
    await refused.verify(image, context);
    expect(refused.counts.verify).toBe(2);
    const undecided = setUp({ outcome: 'undecided' });
    await undecided.verify(image, context);
    await undecided.verify(image, context);
    expect(undecided.counts.verify).toBe(2);
  });

  it('policy reload: another policy is another key', async () => {
    let policy = 'p1';
    const { verify, counts } = setUp({}, { key: () => policy });
    await verify(image, context);
    policy = 'p2';
    await verify(image, context);
    expect(counts.verify).toBe(2);
  });

  it('repositories and tenants do not share verdicts', async () => {
    const { verify, counts } = setUp({}, { tenant: ({ namespace }) => namespace ?? '' });
    await verify(image, { ...context, namespace: 'a' });
    await verify(image, { ...context, namespace: 'b' });
    await verify(parseImage('r.io/y:1'), { ...context, namespace: 'a' });
    expect(counts.verify).toBe(3);
  });

  it('a poisoned or failing cache counts as empty', async () => {
    for (const text of [
      '{}',
      '{"outcome":"trusted"}',
      '{"outcome":"trusted","code":"T","message":"m","digest":"sha256:b"}',
      'x',
    ]) {
      const { verify, counts } = setUp({}, { cache: { ...memoryCache<string>(), get: async () => text } });
      await verify(image, context);
      expect(counts.verify).toBe(1);
    }
    const broken = async (): Promise<never> => {
      throw new Error('down');
    };
    const { verify } = setUp({}, { cache: { get: broken, set: broken, delete: broken } });
    expect(await verify(image, context)).toMatchObject({ outcome: 'trusted' });
  });

  it('a failure of the one who began is not kept', async () => {
    let fail = true;
    const { verify } = setUp(
      {},
      {
        verify: async () => {
          if (fail) throw new Error('429');
          return { outcome: 'trusted', code: 'TRUSTED', message: 'signed' };
        },
      },
    );
    await expect(verify(image, context)).rejects.toThrow();
    fail = false;
    expect(await verify(image, context)).toMatchObject({ outcome: 'trusted' });
  });
});
