import { expect, test } from 'vitest';
import { manifestTarget, tarTarget } from '../../fuzz/graph.ts';
import { fuzz, fuzzOptions } from '../../fuzz/run.ts';

const options = fuzzOptions(4000);
const timeout = (options.seconds + 120) * 1000;

test.each([manifestTarget(), tarTarget()])(
  '$name: only coded errors, nothing slow, nothing that leads elsewhere',
  async (target) => {
    const report = await fuzz(target, options);
    process.stdout.write(`${target.name}: ${JSON.stringify(report)}\n`);
    expect(report.inputs).toBeGreaterThan(0);
    expect(report.accepted).toBeLessThan(report.inputs);
  },
  timeout,
);
