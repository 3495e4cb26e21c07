import { expect, test } from 'vitest';
import { onlineTarget } from '../../fuzz/online.ts';
import { fuzz, fuzzOptions } from '../../fuzz/run.ts';
import { seedsOfRun } from '../../fuzz/seeds.ts';

const { seconds, ...rest } = fuzzOptions(4000);

test(
  'FZ4 tokens, OCSP answers and CRLs: only coded errors, nothing slow, nothing changed is accepted',
  async () => {
    const target = onlineTarget((await seedsOfRun()).online);
    await target.prepare();
    const report = await fuzz(target, { ...rest, seconds });
    process.stdout.write(`FZ4 online: ${JSON.stringify(report)}\n`);
    expect(report.inputs).toBeGreaterThan(0);
    expect(report.accepted).toBeLessThan(report.inputs);
  },
  (seconds + 120) * 1000,
);
