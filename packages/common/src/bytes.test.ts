import { describe, expect, it } from 'vitest';
import { copyBytes } from './bytes.js';

describe('copyBytes', () => {
  it.each([
    ['an array', new Uint8Array([1, 2, 3])],
    ['a Buffer, whose slice shares its memory', Buffer.from([1, 2, 3])],
  ])('shares no memory with %s', (_, bytes) => {
    const copy = copyBytes(bytes);
    copy[0] = 9;
    expect([...bytes]).toEqual([1, 2, 3]);
    expect(Object.getPrototypeOf(copy)).toBe(Uint8Array.prototype);
  });
});
