import fc from 'fast-check';
import semver from 'semver';
import { describe, expect, it } from 'vitest';
import { isAtLeast, isVersion } from './version.js';

const number = fc.integer({ min: 0, max: 999_999_999 }).map(String);
const small = fc.constantFrom('0', '1', '2', '10');
const part = fc.oneof(small, fc.constantFrom('a', 'rc', 'rc1', '-', 'A', '0a'), number);
const core = fc.oneof(fc.tuple(small, small, small), fc.tuple(number, number, number)).map((parts) => parts.join('.'));
const preRelease = fc.array(part, { maxLength: 4 }).map((parts) => (parts.length === 0 ? '' : `-${parts.join('.')}`));
const build = fc.constantFrom('', '+1', '+a.01');
const version = fc.tuple(core, preRelease, build).map((parts) => parts.join(''));

describe('versions of plugins, against semver', () => {
  it('the same order', () => {
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect([a, isVersion(a)]).toEqual([a, true]);
        expect([a, b, isAtLeast(a, b)]).toEqual([a, b, semver.gte(a, b)]);
      }),
      { numRuns: 2000 },
    );
  });

  it('refuses every version that the library refuses', () => {
    const soup = fc.string({ unit: fc.constantFrom('0', '1', '2', '.', '-', '+', 'a', 'v', ' '), maxLength: 12 });
    fc.assert(
      fc.property(soup, (text) => {
        expect(isVersion(text) && semver.valid(text) === null).toBe(false);
      }),
      {
        numRuns: 2000,
      },
    );
  });

  it('refuses versions outside of SemVer, and orders numbers beyond 2^53', () => {
    for (const text of ['v1.0.0', '=1.0.0', ' 1.0.0', '1.0.0 ', '1.0.0\n']) expect(isVersion(text)).toBe(false);
    expect(isAtLeast('1.0.0-9007199254740992', '1.0.0-9007199254740993')).toBe(false);
  });
});
