import { describe, expect, it } from 'vitest';
import { memoized } from './memo.js';

describe('memoized', () => {
  it('calls the function once per key, also when the result is undefined', () => {
    const asked: string[] = [];
    const work = memoized((text) => {
      asked.push(text);
      return undefined;
    }, 10);
    for (const text of ['a', 'b', 'a', 'b']) expect(work(text)).toBeUndefined();
    expect(asked).toEqual(['a', 'b']);
  });

  it('forgets the oldest answer when there are too many', () => {
    const asked: string[] = [];
    const work = memoized((text) => asked.push(text), 2);
    for (const text of ['a', 'b', 'c', 'c', 'b', 'a']) work(text);
    expect(asked).toEqual(['a', 'b', 'c', 'a']);
  });

  it('does not keep a text that is longer than allowed', () => {
    const asked: string[] = [];
    const work = memoized((text) => asked.push(text), 10, 2);
    for (const text of ['ab', 'ab', 'abc', 'abc']) work(text);
    expect(asked).toEqual(['ab', 'abc', 'abc']);
  });

  it('does not remember a failure', () => {
    let fails = true;
    const work = memoized((text) => {
      if (fails) throw new Error('not yet');
      return text;
    }, 2);
    expect(() => work('a')).toThrow('not yet');
    fails = false;
    expect(work('a')).toBe('a');
  });
});
