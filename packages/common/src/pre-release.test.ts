import { expect, it } from 'vitest';
import { comparePreReleases } from './pre-release.js';

// SemVer 2.0, 11.4, from the lowest to the highest.
const inOrder = ['alpha', 'alpha.1', 'alpha.beta', 'beta', 'beta.2', 'beta.11', 'rc.1', ''].map((text) =>
  text === '' ? [] : text.split('.'),
);

it('orders the example of the specification', () => {
  for (const [i, a] of inOrder.entries())
    for (const [j, b] of inOrder.entries()) expect(Math.sign(comparePreReleases(a, b))).toBe(Math.sign(i - j));
});

it('compares numbers that no double holds', () => {
  expect(comparePreReleases(['9007199254740993'], ['9007199254740992'])).toBeGreaterThan(0);
  expect(comparePreReleases(['10000000000000000000000'], ['9'])).toBeGreaterThan(0);
});

it('takes leading zeros for nothing, where a format allows them', () => {
  expect(comparePreReleases(['007'], ['7'])).toBe(0);
  expect(comparePreReleases(['0'], ['00'])).toBe(0);
});
