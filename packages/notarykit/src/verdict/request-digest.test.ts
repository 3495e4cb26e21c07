import { digestOfKey, type KeyValue } from '@notarykit/common/internal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packagesVersion } from '../version.js';
import { digestOfRequest, isSameKey } from './request-digest.js';

const { tree } = fc.letrec<{ tree: KeyValue }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<KeyValue>(null, true, 0, -0, Number.NaN, 1, '', '1', 'a'),
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'length', '0'), tie('tree'), { maxKeys: 3 }),
  ),
}));

describe('digestOfRequest', () => {
  it('is the digest of key and version, independent of earlier requests', () => {
    fc.assert(
      fc.property(fc.constantFrom('x', 'y'), tree, (subject, key) => {
        expect(digestOfRequest(subject, key)).toBe(digestOfKey([packagesVersion, key]));
        expect(digestOfRequest(subject, structuredClone(key))).toBe(digestOfKey([packagesVersion, key]));
      }),
    );
  });

  it('changes when the same key object was changed', () => {
    const [list, record] = [[1], { a: '1' }];
    const key = { list, record };
    const before = digestOfRequest('changed', key);
    list[0] = 2;
    expect(digestOfRequest('changed', key)).toBe(digestOfKey([packagesVersion, key]));
    list[0] = 1;
    record.a = '2';
    expect(digestOfRequest('changed', key)).toBe(digestOfKey([packagesVersion, key]));
    record.a = '1';
    expect(digestOfRequest('changed', key)).toBe(before);
  });

  it('keys that are the same have one digest, and others have two', () => {
    fc.assert(fc.property(tree, tree, (a, b) => isSameKey(a, b) === (digestOfKey(a) === digestOfKey(b))));
  });

  it('still works with more subjects than it keeps', () => {
    for (let i = 0; i < 1_100; i++)
      expect(digestOfRequest(`subject ${i}`, [i])).toBe(digestOfKey([packagesVersion, [i]]));
  });
});
