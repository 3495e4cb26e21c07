import { createTrustLab } from '@notarykit/testing';
import { expect, test } from 'vitest';
import { coseTarget, jwsTarget } from '../../fuzz/envelope.ts';
import { fuzz, fuzzOptions } from '../../fuzz/run.ts';

const { seconds, ...rest } = fuzzOptions(4000);

for (const [name, create] of [
  ['FZ1 JWS', jwsTarget],
  ['FZ2 COSE', coseTarget],
] as const) {
  test(
    `${name} envelopes: only coded errors, nothing slow, nothing accepted that nobody signed`,
    async () => {
      const { leaf } = await createTrustLab();
      const report = await fuzz(await create(leaf), { ...rest, seconds });
      process.stdout.write(`${name}: ${JSON.stringify(report)}\n`);
      expect(report.inputs).toBeGreaterThan(0);
      expect(report.accepted).toBeGreaterThan(0);
      expect(report.accepted).toBeLessThan(report.inputs);
    },
    (seconds + 60) * 1000,
  );
}
