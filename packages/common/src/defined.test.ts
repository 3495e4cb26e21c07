import { expect, expectTypeOf, it } from 'vitest';
import { defined } from './defined.js';

it('leaves out what is undefined, and nothing else', () => {
  const members = { a: 1, b: undefined, c: null, d: false, e: '' };
  expect(Object.entries(defined(members))).toEqual([
    ['a', 1],
    ['c', null],
    ['d', false],
    ['e', ''],
  ]);
});

it('a member named __proto__ is a member', () => {
  const made = defined(JSON.parse('{"__proto__":{"a":1}}') as object);
  expect(Object.getPrototypeOf(made)).toBe(Object.prototype);
  expect(Object.keys(made)).toEqual(['__proto__']);
});

it('what may be undefined is optional', () => {
  const signal = undefined as AbortSignal | undefined;
  const options = defined({ signal, limit: 1 });
  expectTypeOf(options.limit).toEqualTypeOf<number>();
  const exact: { readonly signal?: AbortSignal; readonly limit: number } = options;
  expect(Object.keys(exact)).toEqual(['limit']);
});
