import type { Digest } from '@notarykit/oci';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createAdmissionLab, host } from './lab.js';

afterEach(() => vi.restoreAllMocks());

/** The two clocks of this machine, which a test moves: the one that only goes on, and the one that tells the date. */
function createClocks() {
  const start = { passed: performance.now(), date: Date.now() };
  const moved = { passed: 0, date: 0 };
  vi.spyOn(performance, 'now').mockImplementation(() => start.passed + moved.passed);
  vi.spyOn(Date, 'now').mockImplementation(() => start.date + moved.date);
  return (passed: number, date: number) => Object.assign(moved, { passed, date });
}

const imageOf = (name: { readonly digest: Digest } | { readonly tag: string }) => ({
  written: 'app',
  reference: { registry: host, repository: 'app', ...name },
});

const minute = 60_000;
const hour = 60 * minute;

describe('createCachedImageVerifier: cached entries when the system clock steps', () => {
  it.each([
    ['back by less than its age', 6 * minute, 3 * minute],
    ['back to when it was found', 6 * minute, 0],
    ['back by an hour', minute, -hour],
    ['back by a day', minute, -24 * hour],
    ['forward by an hour', minute, hour],
    ['forward by a day', minute, 24 * hour],
  ])('D16 a verdict is not kept: %s', async (_, passed, date) => {
    const lab = await createAdmissionLab();
    const { digest } = await lab.image('app', 'v1', true);
    const move = createClocks();
    const ask = () => lab.verify(imageOf({ digest }), { dryRun: false });
    expect(await ask()).toMatchObject({ verdict: 'trusted' });
    const asked = lab.lab.registry.requests.length;
    expect(await ask()).toMatchObject({ verdict: 'trusted' });
    expect(lab.lab.registry.requests.length).toBe(asked);
    move(passed, date);
    expect(await ask()).toMatchObject({ verdict: 'trusted' });
    expect(lab.lab.registry.requests.length).toBeGreaterThan(asked + 1);
  });

  it('D16 a tag is looked up again: back by less than its age', async () => {
    const lab = await createAdmissionLab();
    await lab.image('app', 'v1', true);
    const move = createClocks();
    const ask = () => lab.verify(imageOf({ tag: 'v1' }), { dryRun: false });
    await ask();
    const asked = lab.lab.registry.requests.length;
    move(6_000, 1_000);
    await ask();
    expect(lab.lab.registry.requests.length).toBe(asked + 1);
  });
});
