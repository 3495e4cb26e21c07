import { createHash } from 'node:crypto';
import { checkCrl, parseCrl } from '@notarykit/pki/internal';
import { makeCrl } from './crl/entries.js';

// The largest CRL that the SDK reads by default: 680,000 entries, 33 MB. Time is also given as a ratio to one SHA-256 of the same
// bytes, which its signature needs anyway, taken in turns in this run.

const entries = 680_000;
const now = new Date();
const { der, certificate, issuers } = await makeCrl(entries, now);

async function cold(): Promise<void> {
  const { outcome } = await checkCrl({ base: parseCrl(der) }, { certificate, issuers, now });
  if (outcome !== 'good') throw new Error(`the CRL is ${outcome}`);
}

async function milliseconds(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const middle = (figures: readonly number[]): number =>
  [...figures].sort((a, b) => a - b)[figures.length >> 1] as number;
const report = (name: string, figure: number, goal: string): void =>
  console.log(`crl.${name}: ${figure.toFixed(2)} (goal ${goal})`);

const [times, ratios]: [number[], number[]] = [[], []];
for (let turn = 0; turn < 7; turn++) {
  const ours = await milliseconds(cold);
  times.push(ours);
  ratios.push(ours / (await milliseconds(() => createHash('sha256').update(der).digest())));
}
console.log(`crl.size: ${(der.length / 1e6).toFixed(1)} MB, ${entries} entries`);
report('check', middle(times), '<= 1000 ms, parsed, verified and searched');
report('ratio', middle(ratios), '<= 10 x one SHA-256 of it');

globalThis.gc?.();
const before = process.memoryUsage();
await cold();
const after = process.memoryUsage();
const growth = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
report('memory', Math.max(0, growth) / 1e6, '<= 8 MB more than the CRL itself');

const crl = parseCrl(der);
await checkCrl({ base: crl }, { certificate, issuers, now });
const warm: number[] = [];
for (let turn = 0; turn < 7; turn++) {
  warm.push(await milliseconds(() => checkCrl({ base: crl }, { certificate, issuers, now })));
}
report('warm', middle(warm), '<= 200 ms, the same CRL again from a cache');
