import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOfFrozen } from './frozen.js';

const { tree } = fc.letrec<{ tree: unknown; leaf: unknown }>((tie) => ({
  leaf: fc.constantFrom<unknown>(null, true, 0, -0, Number.NaN, '', 'a', undefined),
  tree: fc.oneof(
    { depthSize: 'medium' },
    tie('leaf'),
    fc.nat(3).map((time) => new Date(time)),
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'size', '0'), tie('tree'), { maxKeys: 3 }),
    fc.array(fc.tuple(tie('tree'), tie('tree')), { maxLength: 3 }).map((entries) => new Map(entries)),
    fc.array(tie('tree'), { maxLength: 3 }).map((items) => new Set(items)),
  ),
}));
const root = fc.dictionary(fc.constantFrom('a', 'b', 'c'), tree, { minKeys: 1, maxKeys: 3 });

/** Whatever in a value can be changed though all of it is frozen. */
function looseIn(value: unknown, found: (Map<unknown, unknown> | Set<unknown> | Date)[] = []): typeof found {
  if (typeof value !== 'object' || value === null) return found;
  if (value instanceof Map || value instanceof Set || value instanceof Date) found.push(value);
  if (value instanceof Map) for (const part of [...value].flat()) looseIn(part, found);
  else for (const part of value instanceof Set ? value : Object.values(value)) looseIn(part, found);
  return found;
}

function change(loose: Map<unknown, unknown> | Set<unknown> | Date, how: number, what: unknown): void {
  if (loose instanceof Date) loose.setTime(how);
  else if (how % 3 === 0) loose.clear();
  else if (how % 3 === 1) loose.delete([...loose.keys()][0]);
  else if (loose instanceof Map) loose.set([...loose.keys()][0], what);
  else loose.add(what);
}

describe('the cached digest of plain data', () => {
  it('equals the digest of a fresh copy after changes', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(9), tree), { maxLength: 4 });
    fc.assert(
      fc.property(root, changes, (value, steps) => {
        digestOfFrozen(value);
        for (const [which, how, what] of steps) {
          const loose = looseIn(value);
          if (loose.length > 0) change(loose[which % loose.length] as Date, how, what);
          const again = digestOfFrozen(value);
          expect(again).toBe(digestOfFrozen(structuredClone(value)));
          expect(digestOfFrozen(value)).toBe(again);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is computed each time for data with byte arrays', () => {
    const bytes = Uint8Array.of(1, 2, 3);
    const value = { pinned: [bytes] };
    const before = digestOfFrozen(value);
    bytes[0] = 9;
    expect(digestOfFrozen(value)).not.toBe(before);
    bytes[0] = 1;
    expect(digestOfFrozen(value)).toBe(before);
  });

  it('freezes the contents of maps and sets, so that cached data cannot change', () => {
    const signer = { trustPolicy: 'lab' };
    const value = { signers: new Map([['s', signer]]), images: new Set([['a']]) };
    digestOfFrozen(value);
    expect(Object.isFrozen(signer)).toBe(true);
    expect([...value.images].every((list) => Object.isFrozen(list))).toBe(true);
  });

  it('data without a digest has none on the second call either', () => {
    const signers = new Map<string, unknown>([['s', 1]]);
    const value = { signers };
    expect(digestOfFrozen(value)).toMatch(/^[0-9a-f]{64}$/);
    signers.set('t', () => true);
    expect([digestOfFrozen(value), digestOfFrozen(value)]).toEqual([undefined, undefined]);
    signers.delete('t');
    expect(digestOfFrozen(value)).toMatch(/^[0-9a-f]{64}$/);
  });
});
