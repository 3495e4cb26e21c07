import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { machine } from '../../scripts/machine.mjs';
import { auditByDigest, auditByTag, serveSigned } from './growth/audit.js';
import { bundleCreate, bundleVerify } from './growth/bundle.js';
import { copyArtifacts, copyReferrers } from './growth/copy.js';
import { crlEntries } from './growth/crl.js';
import type { Curve } from './growth/curve.js';
import { discoverReferrers } from './growth/discover.js';
import { exponentOf, lastExponentOf } from './growth/fit.js';
import { gateItems } from './growth/gate.js';
import { type Measured, measure } from './growth/measure.js';
import {
  registryDisk,
  registryKilled,
  registryMemory,
  registryPages,
  registryStart,
  serveDirectory,
} from './growth/registry.js';
import { policyStatements, trustStoreRoots, verifySignatures } from './growth/trust.js';

// How cost grows with size: CPU time and peak memory of each size in its own process, and the exponent of a fit. Without options
// the sizes that take a minute or two together; `--whole` all of them, `--record <file>` writes what was measured.

const curves: readonly Curve[] = [
  auditByDigest,
  auditByTag,
  verifySignatures,
  discoverReferrers,
  gateItems,
  copyReferrers,
  copyArtifacts,
  bundleCreate,
  bundleVerify,
  policyStatements,
  trustStoreRoots,
  crlEntries,
  registryMemory,
  registryDisk,
  registryPages,
  registryStart,
  registryKilled,
];

const program = fileURLToPath(import.meta.url);

function point(curve: Curve, size: number): Measured {
  const args = ['--expose-gc', program, 'point', curve.name, String(size)];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${curve.name} of ${size}: ${stderr}`);
  return JSON.parse(stdout) as Measured;
}

function measureCurve(curve: Curve, whole: boolean) {
  const sizes = curve.sizes.filter((size) => whole || size <= curve.quick);
  const points = sizes.map((size) => point(curve, size));
  const { name, of } = curve;
  return { name, of, exponent: rounded(exponentOf(points)), last: rounded(lastExponentOf(points)), points };
}

function show({ name, exponent, last, points }: ReturnType<typeof measureCurve>): void {
  const { size, cpuMs, peakMiB } = points.at(-1) as Measured;
  const costs = `${size} in ${(cpuMs / 1000).toFixed(2)} s, peak ${peakMiB.toFixed(0)} MiB`;
  const fit = `exponent ${exponent.toFixed(2)} (goal <= 1.1), last two ${last.toFixed(2)}`;
  console.log(`growth.${name}: ${points.length > 1 ? fit : 'no exponent of one size'}, ${costs}`);
  for (const { size, refused } of points)
    if (refused !== undefined) console.log(`growth.${name}: ${size} refused at the default: ${refused}`);
}

const rounded = (value: number): number => Math.round(value * 100) / 100;

function main(args: readonly string[]): void {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { whole: { type: 'boolean', default: false }, record: { type: 'string' } },
    allowPositionals: true,
  });
  const wanted = curves.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const measured = wanted.map((curve) => {
    const found = measureCurve(curve, values.whole);
    show(found);
    return found;
  });
  if (values.record === undefined) return;
  const command = `pnpm bench:growth`;
  writeFileSync(values.record, `${JSON.stringify({ machine: machine(), command, curves: measured }, null, 1)}\n`);
}

const [command, ...rest] = process.argv.slice(2);
const [first = '', second = ''] = rest;
if (command === 'serve') await serveDirectory(first);
else if (command === 'artifacts') await serveSigned(Number(first));
else if (command === 'point') {
  const curve = curves.find(({ name }) => name === first);
  if (curve === undefined) throw new Error(`there is no curve ${first}`);
  console.log(JSON.stringify(await measure(curve, Number(second))));
  process.exit(0);
} else main(process.argv.slice(2));
