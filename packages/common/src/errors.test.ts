import { expect, it } from 'vitest';
import { CodedError, quote } from './errors.js';

const half = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

it('quoted input is short, printable and whole', () => {
  expect(quote('a\nb\u0007\u202e')).toBe('"a\\nb\\u0007\\u202e"');
  expect(quote('x'.repeat(300))).toHaveLength(202);
  for (const text of [`x${'💥'.repeat(300)}`, '💥'.repeat(300), 'a\ud83d', '\udca5b'])
    expect(quote(text)).not.toMatch(half);
  expect(quote('a\ud83d')).toBe('"a\\ud83d"');
});

it('a message holds no control characters and no lone surrogate', () => {
  expect(new CodedError('ERR_X', 'a\u0000\ud83d\nb').message).toBe('a\\u0000\\ud83d\nb');
});
