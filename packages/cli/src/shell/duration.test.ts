import { describe, expect, it } from 'vitest';
import { UsageError } from './command.js';
import { readDuration, readExpiry } from './duration.js';

describe('readDuration', () => {
  it.each([
    ['3h20m', 12_000],
    ['24h', 86_400],
    ['30d', 2_592_000],
    ['1d2h3m4s', 93_784],
    ['90s', 90],
    ['0s', 0],
    ['1.5h', 5400],
  ])('%s', (text, seconds) => expect(readDuration(text, 'within')).toBe(seconds * 1000));

  it.each(['', 'soon', '3', 'h', '-3h', '3h 20m', '3h20', '0.5s', '1.h', '3w', '1234567s', '3H'])(
    'no duration: %j',
    (text) => expect(() => readDuration(text, 'within')).toThrow(UsageError),
  );
});

it('a signature does not end at once', () => {
  const now = new Date('2026-01-01T00:00:00Z');
  expect(readExpiry('3h20m', now)).toEqual(new Date('2026-01-01T03:20:00Z'));
  expect(() => readExpiry('0h', now)).toThrow(UsageError);
});
