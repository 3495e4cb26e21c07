import { expect, it } from 'vitest';
import { isVerdictName, verdictNameOf, verdictNames } from './verdict-name.js';

it('a verdict is one of four words', () => {
  expect(verdictNames).toEqual(['trusted', 'refused', 'skipped', 'undecided']);
  for (const name of verdictNames) expect([isVerdictName(name), verdictNameOf(name)]).toEqual([true, name]);
});

it('any other value, a word of an earlier version say, is undecided', () => {
  const others = ['notTrusted', 'denied', 'unsigned', 'error', 'noStatement', 'Trusted', 'ALLOW', '', 'length'];
  for (const other of [...others, 0, true, null, undefined, {}, ['trusted']])
    expect([isVerdictName(other), verdictNameOf(other)]).toEqual([false, 'undecided']);
});
