import { type Certificate, parseCertificate } from '@notarykit/pki';
import { expect, test } from 'vitest';
import { certificateTarget, chainTarget } from '../../fuzz/certificate.ts';
import { type FuzzTarget, fuzz, fuzzOptions } from '../../fuzz/run.ts';
import { seedsOfRun } from '../../fuzz/seeds.ts';

const options = fuzzOptions(4000);
const timeout = (options.seconds + 120) * 1000;
const chain = (await seedsOfRun()).chain.map((der) => parseCertificate(der));
const [leaf, intermediate, root] = chain as [Certificate, Certificate, Certificate];

async function run(target: FuzzTarget): Promise<void> {
  const report = await fuzz(target, options);
  process.stdout.write(`${target.name}: ${JSON.stringify(report)}\n`);
  expect(report.inputs).toBeGreaterThan(0);
  expect(report.accepted).toBeLessThan(report.inputs);
}

test(
  'FZ3 certificates: only coded errors, nothing slow, no changed certificate with a good signature',
  () => {
    return run(
      certificateTarget([
        { der: root.der, issuer: root },
        { der: intermediate.der, issuer: root },
        { der: leaf.der, issuer: intermediate },
      ]),
    );
  },
  timeout,
);

test(
  'FZ3 chains: only coded errors, nothing slow, no path through a changed certificate',
  () => run(chainTarget(chain, new Date('2026-01-01T00:00:00Z'))),
  timeout,
);
