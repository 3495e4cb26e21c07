import { expect, it } from 'vitest';
import { rateMeter, sizeOf } from './rate.js';

it.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1000, '1.0 kB'],
  [12_500_000, '12.5 MB'],
  [3e15, '3000.0 TB'],
])('%d bytes are %s', (bytes, text) => {
  expect(sizeOf(bytes)).toBe(text);
});

it('computes the rate since the first call', () => {
  let now = 1000;
  const meter = rateMeter(() => now);
  expect(meter(500)).toBe('500 bytes');
  now = 3000;
  expect(meter(4_000_500)).toBe('4.0 MB, 2.0 MB/s');
});
