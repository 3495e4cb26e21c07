import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { type Classification, digestOfKey, type KeyValue, keyOf } from './request-key.js';

interface Request {
  readonly name: string;
  readonly limit?: number;
  readonly checker?: { readonly identity?: string };
  readonly signal?: AbortSignal;
}

const rows: Classification<Request> = {
  name: { part: (name) => name },
  limit: { part: (limit) => limit },
  checker: { part: ({ identity }) => identity },
  signal: { outside: 'ends the wait, not the answer' },
};

describe('keyOf', () => {
  it('has every classified member and no other', () => {
    expect(keyOf({ name: 'a', limit: 1, signal: new AbortController().signal }, rows)).toEqual({
      key: { name: 'a', limit: 1, checker: null },
      unkeyed: [],
    });
  });

  it('has no key where a member cannot be named', () => {
    expect(keyOf({ name: 'a', checker: {} }, rows)).toEqual({ unkeyed: ['checker'] });
  });

  it.each(['other', 'toString', '__proto__', 'hasOwnProperty'])('has no key for a member %s without a row', (name) => {
    const value = Object.defineProperty({ name: 'a' } as Request, name, { value: 1, enumerable: true });
    expect(keyOf(value, rows)).toEqual({ unkeyed: [name] });
  });

  it('counts a member that is undefined as one that is absent', () => {
    expect(keyOf({ name: 'a', limit: undefined } as unknown as Request, rows)).toEqual(keyOf({ name: 'a' }, rows));
  });

  it('demands a row for every member', () => {
    expectTypeOf<{ name: { outside: string } }>().not.toExtend<Classification<Request>>();
  });
});

describe('digestOfKey', () => {
  const { tree } = fc.letrec<{ tree: KeyValue }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      fc.constant(null),
      fc.boolean(),
      fc.double(),
      fc.string(),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(fc.string(), tie('tree'), { maxKeys: 3 }),
    ),
  }));

  it('does not depend on the order of members', () => {
    expect(digestOfKey({ a: 1, b: [{ c: 2, d: 3 }] })).toBe(digestOfKey({ b: [{ d: 3, c: 2 }], a: 1 }));
  });

  it.each<readonly [KeyValue, KeyValue]>([
    [0, -0],
    [Number.NaN, null],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    [
      [1, 2],
      [2, 1],
    ],
    ['1', 1],
    [[], {}],
    [{ a: null }, {}],
    [{ number: 'NaN' }, Number.NaN],
  ])('tells %j from %j', (a, b) => {
    expect(digestOfKey(a)).not.toBe(digestOfKey(b));
  });

  it('is equal for equal keys only', () => {
    fc.assert(
      fc.property(tree, tree, (a, b) => {
        const copy = structuredClone(a);
        expect(digestOfKey(copy)).toBe(digestOfKey(a));
        const same = digestOfKey(a) === digestOfKey(b);
        expect(same).toBe(isSame(a, b));
      }),
    );
  });
});

function isSame(a: KeyValue, b: KeyValue): boolean {
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return Object.is(a, b);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a, b] as unknown as Record<string, KeyValue>[];
  const names = Object.keys(left ?? {});
  return (
    names.length === Object.keys(right ?? {}).length &&
    names.every((name) => Object.hasOwn(right ?? {}, name) && isSame(left?.[name] ?? null, right?.[name] ?? null))
  );
}
