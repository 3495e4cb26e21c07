import { expect, test } from 'vitest';
import { coseTarget, jwsTarget } from '../../fuzz/envelope.ts';
import { fuzz, fuzzOptions } from '../../fuzz/run.ts';
import { seedsOfRun } from '../../fuzz/seeds.ts';

const { seconds, ...rest } = fuzzOptions(4000);

for (const [name, kind, create] of [
  ['FZ1 JWS', 'jws', jwsTarget],
  ['FZ2 COSE', 'cose', coseTarget],
] as const) {
  test(
    `${name} envelopes: only coded errors, nothing slow, nothing accepted that nobody signed`,
    async () => {
      const seeds = await seedsOfRun();
      const report = await fuzz(await create(seeds[kind]), { ...rest, seconds });
      process.stdout.write(`${name}: ${JSON.stringify(report)}\n`);
      expect(report.inputs).toBeGreaterThan(0);
      // About one in five hundred: nothing is said of a run of a few inputs.
      if (report.inputs >= 4000) expect(report.accepted).toBeGreaterThan(0);
      expect(report.accepted).toBeLessThan(report.inputs);
    },
    (seconds + 120) * 1000,
  );
}
