import { memoryCache } from '@notarykit/common';
import { type Descriptor, mediaTypes } from '@notarykit/oci';
import { canonicalRepository } from '@notarykit/oci/internal';
import type { KeptVerdict } from 'notarykit';
import { describe, expect, it } from 'vitest';
import { parseImage } from '../images/image.js';
import { type CachedImageVerifierOptions, createCachedImageVerifier, type ImageRequest } from './cached.js';

const digest = `sha256:${'a'.repeat(64)}` as const;
const descriptor: Descriptor = { mediaType: mediaTypes.imageManifest, digest, size: 7 };
const context = { dryRun: false };
const image = parseImage('r.io/x:1');

type Decide = ImageRequest['decide'];
interface Settings extends Partial<CachedImageVerifierOptions> {
  readonly decide?: Decide;
  /** Of the request; `undefined`: it has none. */
  readonly key?: () => string | undefined;
}

/** A report that says no more than that there is a trusted signature. */
function reportOf(repository: string): NonNullable<KeptVerdict['report']> {
  const subject = { kind: 'artifact', repository, ...descriptor };
  const signatures = [{ verdict: 'trusted', validations: [] }];
  return { reportVersion: '2.0', verdict: 'trusted', subject, signatures, policy: { statement: 's' } } as never;
}

function setUp(verdict: Partial<KeptVerdict> = {}, { decide: own, key, ...options }: Settings = {}) {
  const counts = { resolve: 0, verify: 0 };
  let time = 1_000_000;
  const verify = createCachedImageVerifier({
    resolve: async () => {
      counts.resolve++;
      return descriptor;
    },
    request: ({ reference }, _, { tenant }) => {
      const repository = canonicalRepository(`${reference.registry}/${reference.repository}`);
      const decide: Decide = async () => {
        counts.verify++;
        return { verdict: 'trusted', report: reportOf(repository), ...verdict };
      };
      const name = key === undefined ? 'p1' : key();
      const now = new Date(time);
      return {
        request: {
          subject: { repository, descriptor },
          time: { now, at: now, fixed: false },
          ...(name === undefined ? {} : { digest: `${name} ${repository} ${tenant}` }),
        },
        decide: own ?? decide,
      };
    },
    now: () => time,
    ...options,
  });
  return { verify, counts, pass: (ms: number) => (time += ms) };
}

describe('createCachedImageVerifier', () => {
  it('keeps tags of different ports apart: ports 80 and 443 may be two servers', async () => {
    const asked: string[] = [];
    const { verify } = setUp(
      {},
      {
        resolve: async ({ reference }) => {
          asked.push(reference.registry);
          return descriptor;
        },
      },
    );
    for (const name of ['r.io/x:1', 'r.io:80/x:1', 'r.io:443/x:1', 'R.IO/x:1']) await verify(parseImage(name), context);
    expect(asked).toEqual(['r.io', 'r.io:80', 'r.io:443']);
  });

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
    const refused = setUp({ verdict: 'refused', code: 'ERR_GATE_DENIED', message: 'no' });
    await refused.verify(image, context);
    await refused.verify(image, context);
    refused.pass(6_000);
    await refused.verify(image, context);
    expect(refused.counts.verify).toBe(2);
    const undecided = setUp({ verdict: 'undecided' });
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
    expect(await verify(image, context)).toMatchObject({ verdict: 'trusted' });
  });

  it('does not cache a failure', async () => {
    let fail = true;
    const { verify } = setUp(
      {},
      {
        decide: async () => {
          if (fail) throw new Error('429');
          return { verdict: 'trusted', report: reportOf('r.io/x') };
        },
      },
    );
    await expect(verify(image, context)).rejects.toThrow();
    fail = false;
    expect(await verify(image, context)).toMatchObject({ verdict: 'trusted' });
  });

  it('a request without a digest is never remembered', async () => {
    const { verify, counts } = setUp({}, { key: () => undefined });
    await verify(image, context);
    await verify(image, context);
    expect(counts.verify).toBe(2);
  });

  it('other spellings of a name are one repository: one verification, though each server is asked for its tag', async () => {
    const { verify, counts } = setUp();
    for (const name of ['r.io/x:1', 'R.io/x:1', 'r.io:443/x:1']) await verify(parseImage(name), context);
    expect(counts).toEqual({ resolve: 2, verify: 1 });
  });

  it('a cancelled caller does not cancel others, and each caller keeps its own deadline', async () => {
    let finish = (): void => undefined;
    const begun = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let signal: AbortSignal | undefined;
    const decide: Decide = async (call) => {
      signal = call.signal;
      await begun;
      return { verdict: 'trusted', report: reportOf('r.io/x') };
    };
    const { verify } = setUp({}, { decide });
    const [first, second] = [new AbortController(), new AbortController()];
    const asked = [first.signal, second.signal, undefined].map((each) =>
      verify(image, { ...context, ...(each && { signal: each }) }),
    );
    const outcomes = Promise.allSettled(asked);
    first.abort(new Error('first'));
    await expect(asked[0]).rejects.toThrow('first');
    second.abort(new Error('second'));
    await expect(asked[1]).rejects.toThrow('second');
    expect(signal?.aborted).toBe(false);
    finish();
    expect((await outcomes)[2]).toMatchObject({ status: 'fulfilled', value: { verdict: 'trusted' } });
  });

  it('work that never ends does not delay later callers', async () => {
    let hang = true;
    const never = new Promise<never>(() => undefined);
    const decide: Decide = async () => (hang ? never : { verdict: 'trusted', report: reportOf('r.io/x') });
    const resolve = async (): Promise<Descriptor> => (hang ? never : descriptor);
    for (const options of [{ decide }, { resolve }]) {
      hang = true;
      const { verify } = setUp({}, { ...options, timeoutMs: 5 });
      await expect(verify(image, context)).rejects.toMatchObject({ name: 'TimeoutError' });
      hang = false;
      expect(await verify(image, context)).toMatchObject({ verdict: 'trusted' });
    }
  });
});
