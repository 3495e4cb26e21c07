import { describe, expect, it } from 'vitest';
import { formatTime, parseTime } from './time.js';

describe('parseTime', () => {
  it.each([
    ['2025-01-01T00:00:00Z', '2025-01-01T00:00:00Z'],
    ['2025-01-01T08:00:00+08:00', '2025-01-01T00:00:00Z'],
    ['2024-02-29T23:30:59.987654321-00:30', '2024-03-01T00:00:59Z'],
    ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59Z'],
  ])('reads %s', (text, expected) => {
    expect(formatTime(parseTime(text))).toBe(expected);
  });

  it.each([
    ['2016-12-31T23:59:60Z'],
    ['2025-01-01T24:00:00Z'],
    ['2025-01-01t00:00:00z'],
    ['2025-01-01T00:00:00'],
    ['2025-01-01 00:00:00Z'],
    ['2025-01-01T00:00:00+25:00'],
    ['2025-01-01T00:00:00.1234567890Z'],
    ['10000-01-01T00:00:00Z'],
    ['2025-02-29T00:00:00Z'],
    ['2025-13-01T00:00:00Z'],
  ])('T5 refuses %s', (text) => {
    expect(() => parseTime(text)).toThrowError(expect.objectContaining({ code: 'ERR_CODEC_TIME' }));
  });
});
