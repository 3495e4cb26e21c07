import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fallen, gather, ratiosIn } from './baseline.mjs';

describe('ratios of benchmarks', () => {
  it.each([
    ['copy.image: 0.92 x oras cp -r (goal >= 1.0)', ['copy.image x oras cp -r', 0.92, 'more']],
    [
      'trust.warm.three: 20.7 times notation-go (goal >= 10); 70 us against 1400 us',
      ['trust.warm.three times notation-go', 20.7, 'more'],
    ],
    [
      'envelope.parse: EC-256 0.83 x X509Certificate (goal >= 0.6)',
      ['envelope.parse EC-256 x X509Certificate', 0.83, 'more'],
    ],
    ['growth.audit: exponent 1.02, last two 1.05 (goal <= 1.1)', ['growth.audit exponent', 1.02, 'less']],
  ] as const)('are read from %s', (line, [name, value, better]) => {
    expect(ratiosIn(line)).toEqual([{ name, value, better }]);
  });

  it('reads two ratios from a line with two goals', () => {
    const line = 'gate.summary: 5 of 20 requests, 0.25 (goal <= 0.25); 4.1 x faster, 12.3 ms for 50.1 ms (goal >= 4)';
    expect(ratiosIn(line).map(({ name, value, better }) => [name, value, better])).toEqual([
      ['gate.summary', 0.25, 'less'],
      ['gate.summary x faster', 4.1, 'more'],
    ]);
  });

  it('are not read from times, sizes and lines without a goal', () => {
    const lines = [
      'admission.cached: 0.45 ms added (goal <= 1)',
      'crl.check: 44.20 (goal <= 1000 ms, parsed)',
      'a.b: 1.5 x c',
      '',
    ];
    expect(ratiosIn(lines.join('\n'))).toEqual([]);
  });
});

describe('the baseline', () => {
  const rounds = (better: 'more' | 'less', ...values: number[]) =>
    gather(values.map((value) => [{ name: 'a', value, better }]));

  it('keeps the middle round, and how far the rounds are apart', () => {
    expect(rounds('more', 1.2, 0.9, 1)).toEqual({ a: { better: 'more', value: 1, low: 0.9, high: 1.2 } });
  });

  it('says what fell by more than the noise', () => {
    const baseline = rounds('more', 1, 1.1, 1.2);
    expect(fallen(baseline, rounds('more', 0.9, 0.95, 0.99))).toEqual([
      'fell: a: 0.95 (0.9 to 0.99), baseline 1.1 (1 to 1.2)',
    ]);
    expect(fallen(baseline, rounds('more', 0.9, 0.95, 1))).toEqual([]);
    expect(fallen(baseline, rounds('more', 2))).toEqual([]);
    expect(fallen({}, rounds('more', 0.1))).toEqual([]);
    expect(fallen(rounds('less', 1), rounds('less', 1.1, 1.2))).toHaveLength(1);
    expect(fallen(rounds('less', 1), rounds('less', 0.9, 1.2))).toEqual([]);
  });

  it('a recorded baseline can be compared', () => {
    const text = readFileSync(resolve(import.meta.dirname, '..', 'bench/baseline.json'), 'utf8');
    const { machine, ratios } = JSON.parse(text) as { machine: string; ratios: Parameters<typeof fallen>[0] };
    expect(machine).not.toBe('');
    expect(fallen(ratios, ratios)).toEqual([]);
    for (const { low, value, high } of Object.values(ratios)) expect(low <= value && value <= high).toBe(true);
  });
});
