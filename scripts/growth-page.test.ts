import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pageFile, pageOf, pictureFile, pictureOf, readResults } from './growth-page.mjs';

describe('the page about growth', () => {
  it('is what its script makes of the recorded results', () => {
    const results = readResults();
    expect(readFileSync(pageFile, 'utf8'), 'run node scripts/growth-page.mjs').toBe(pageOf(results));
    expect(readFileSync(pictureFile, 'utf8'), 'run node scripts/growth-page.mjs').toBe(pictureOf(results));
  });

  it('shows each curve with its sizes, and how the default limits refuse what is beyond them', () => {
    const point = { cpuMs: 5, wallMs: 6, beforeMiB: 70, peakMiB: 90 };
    const results = {
      machine: 'a machine',
      command: 'pnpm bench:growth',
      curves: [
        {
          name: 'policy',
          of: 'statements',
          exponent: 1.02,
          last: 1.1,
          points: [
            { ...point, size: 1 },
            { ...point, size: 10_000, cpuMs: 12_345, refused: 'ERR_TRUST_POLICY', facts: { 'MiB on disk': 3 } },
          ],
        },
      ],
    };
    expect(pageOf(results)).toMatch(
      /`policy` +\| statements +\| 1 to 10,000 \| 1.02 +\| 1.10 .*refuse 10,000: `ERR_TRUST_POLICY`/,
    );
    expect(pageOf(results)).toContain('12 s');
    expect(pictureOf(results)).toContain('>10,000</text>');
    expect(pictureOf(results)).toBe(pictureOf(structuredClone(results)));
  });
});
