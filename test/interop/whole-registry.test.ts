import { spawn } from 'node:child_process';
import { createClient } from '@redis/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bundle, bundle } from '../support/bundle.js';
import { type Ended, runProgram } from '../support/run-program.js';
import { type AuditSetup, createAuditSetup } from './support/audit-setup.js';
import { type RunningRedis, startRedis } from './support/redis.js';

const artifacts = 16;
/** Those that are trusted, but for an index of which a platform is not signed, and those that are not signed. */
const counts = { trusted: 14, refused: 2, skipped: 0, undecided: 0, unsigned: 2 };
const manifests = { trusted: 2, refused: 2, skipped: 0, undecided: 0, unsigned: 2 };

describe('a whole registry, audited over a queue', () => {
  let redis: RunningRedis;
  let setup: AuditSetup;
  let program: Bundle;
  beforeAll(async () => {
    redis = await startRedis();
    setup = await createAuditSetup(redis.url);
    program = await bundle('examples/whole-registry/src/main.ts');
  });
  afterAll(async () => {
    await program.remove();
    await setup.close();
    await redis.stop();
  });

  const command = (RUN: string, ...args: readonly string[]): Promise<Ended> =>
    runProgram(program.path, args, { env: { ...setup.env, RUN } });
  /** What `report` counts, and its exit code. */
  async function reported(
    run: string,
  ): Promise<{ code: number; missing: number; artifacts: object; manifests: object }> {
    const { code, stdout } = await command(run, 'report');
    return { code, ...JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') };
  }
  const audited = ({ stdout }: Ended): number => Number(/^audited (\d+)$/m.exec(stdout)?.[1]);
  /** How often the signatures of something were listed: every verification does it once, a remembered one never. */
  const listings = (): number => setup.lab.registry.requests.filter(({ route }) => route === 'referrers').length;

  test('three workers audit each artifact once between them, and a second plan finds nothing left', async () => {
    expect(await command('once', 'plan')).toEqual({ code: 0, stdout: `planned ${artifacts}\n`, stderr: '' });
    expect(await command('once', 'plan')).toMatchObject({ code: 0 });
    expect(await reported('once')).toMatchObject({ code: 1, missing: artifacts });
    const before = listings();
    const workers = await Promise.all([1, 2, 3].map(() => command('once', 'work')));
    expect(workers.map(({ code, stderr }) => ({ code, stderr }))).toEqual(Array(3).fill({ code: 0, stderr: '' }));
    expect(workers.reduce((sum, worker) => sum + audited(worker), 0)).toBe(artifacts);
    // The manifests of the two indexes, too.
    expect(listings() - before).toBe(artifacts + 4);
    expect(await reported('once')).toEqual({ code: 1, artifacts: counts, manifests, missing: 0 });
    expect(await command('once', 'plan')).toMatchObject({ stdout: 'planned 0\n' });
  });

  test('another run takes over what is trusted, and verifies again what is not', async () => {
    await command('again', 'plan');
    const before = listings();
    expect(audited(await command('again', 'work'))).toBe(artifacts);
    expect(listings() - before).toBe(counts.unsigned + manifests.unsigned);
    expect(await reported('again')).toMatchObject({ artifacts: counts, manifests, missing: 0 });
  });

  test('another worker audits what a killed worker had taken', async () => {
    await command('killed', 'plan');
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const held = new Promise((resolve) => {
      setup.lab.registry.rule({
        route: 'referrers',
        action: async ({ next }) => {
          resolve('held');
          await released;
          return await next();
        },
      });
    });
    const env = { ...process.env, ...setup.env, RUN: 'killed', LOCK_MS: '2000' };
    const victim = spawn(process.execPath, [program.path, 'work'], { env, stdio: 'ignore' });
    const ended = new Promise((resolve) => victim.once('exit', resolve));
    expect(await Promise.race([held, ended])).toBe('held');
    victim.kill('SIGKILL');
    await ended;
    release();
    setup.lab.registry.clearRules();
    expect(await reported('killed')).toMatchObject({ code: 1 });
    const other = await runProgram(program.path, ['work'], { env: { ...setup.env, RUN: 'killed', LOCK_MS: '2000' } });
    expect(other).toMatchObject({ code: 0 });
    expect(await reported('killed')).toEqual({ code: 1, artifacts: counts, manifests, missing: 0 });
  });

  test('a registry that fails is asked again, and what stays undecided is planned again', async () => {
    const { registry } = setup.lab;
    const fault = {
      route: 'referrers',
      repository: 'second',
      action: () => ({ status: 403, headers: [] }),
    } as const;
    await command('failing', 'plan');
    const removeRule = registry.rule({ ...fault, method: 'GET' });
    expect(await command('failing', 'work')).toMatchObject({ code: 0 });
    removeRule();
    expect(await reported('failing')).toMatchObject({
      code: 1,
      artifacts: { ...counts, refused: 1, unsigned: 1, undecided: 1 },
      manifests: { ...manifests, refused: 1, unsigned: 1, undecided: 1 },
    });
    expect(await command('failing', 'plan')).toMatchObject({ stdout: 'planned 2\n' });
    await command('failing', 'work');
    expect(await reported('failing')).toMatchObject({ artifacts: counts, manifests, missing: 0 });
  });

  test('a writer to Redis can lose results, but not forge any', async () => {
    const client = createClient({ url: redis.url });
    await client.connect();
    try {
      const keys = (await client.keys('notarykit:audit-result:once *')).sort();
      expect(keys).toHaveLength(artifacts);
      const texts = await Promise.all(keys.map(async (key) => (await client.get(key)) ?? ''));
      const unsigned = texts.findIndex((text) => text.includes('refused'));
      const [one, text, taken] = [keys[unsigned] ?? '', texts[unsigned] ?? '', texts.at(unsigned - 1) ?? ''];
      for (const forged of ['{"verdict":"trusted","manifests":[]}', taken, text.replaceAll('refused', 'trusted')]) {
        expect(forged).not.toBe(text);
        await client.set(one, forged);
        expect(await reported('once')).toMatchObject({ code: 1, missing: 1 });
      }
      // A result of another run is none of this one.
      const elsewhere = one.replace(':once ', ':again ');
      await client.set(one, (await client.get(elsewhere)) ?? '');
      expect(await reported('once')).toMatchObject({ code: 1, missing: 1 });
      await client.del(one);
      expect(await command('once', 'plan')).toMatchObject({ stdout: 'planned 1\n' });
      expect(audited(await command('once', 'work'))).toBe(1);
      expect(await reported('once')).toMatchObject({ artifacts: counts, missing: 0 });
    } finally {
      client.destroy();
    }
  });

  test('a changed job audits another artifact, and gives no result for this one', async () => {
    const client = createClient({ url: redis.url });
    await client.connect();
    try {
      await command('changed', 'plan');
      let changed = 0;
      for (const key of await client.keys('notarykit-audit:*:*')) {
        if ((await client.type(key)) !== 'hash') continue;
        const data = await client.hGet(key, 'data');
        if (!data?.includes('image.index.v1+json')) continue;
        await client.hSet(key, 'data', data.replace('image.index.v1', 'image.manifest.v1'));
        changed++;
      }
      expect(changed).toBe(2);
      await command('changed', 'work');
      expect(await reported('changed')).toMatchObject({
        code: 1,
        missing: 2,
        manifests: { trusted: 0, refused: 0, unsigned: 0 },
      });
      expect(await command('changed', 'plan')).toMatchObject({ stdout: 'planned 2\n' });
      await command('changed', 'work');
      expect(await reported('changed')).toMatchObject({ artifacts: counts, manifests, missing: 0 });
    } finally {
      client.destroy();
    }
  });
});
