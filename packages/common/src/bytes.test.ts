import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { copyBytes, isBytes, requireBytes } from './bytes.js';

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

describe('isBytes', () => {
  it.each<[string, unknown]>([
    ['an array', new Uint8Array(1)],
    ['a Buffer', Buffer.alloc(1)],
    ['an array of another realm', runInContext('new Uint8Array(1)', createContext())],
  ])('knows %s', (_, value) => {
    expect(isBytes(value)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a text', 'text'],
    ['a list', [1]],
    ['another typed array', new Uint16Array(1)],
    ['a buffer without a view', new ArrayBuffer(1)],
    ['an object that claims the name', { [Symbol.toStringTag]: 'Uint8Array', length: 1 }],
    ['an object that only inherits', Object.create(Uint8Array.prototype)],
    ['a proxy', new Proxy(new Uint8Array(1), {})],
  ])('is not deceived by %s', (_, value) => {
    expect(isBytes(value)).toBe(false);
    expect(() => requireBytes(value, 'a value')).toThrow(expect.objectContaining({ code: 'ERR_CODEC_BYTES' }));
  });
});
