import { afterEach, expect, it, vi } from 'vitest';
import { tokenIssuer } from './tokens.js';

afterEach(() => void vi.useRealTimers());

/** An issuer whose clock is set by hand, and how often a call reads it: once for each token that is kept and has ended. */
function setUp() {
  let time = 0;
  let reads = 0;
  const issuer = tokenIssuer({ scheme: 'token', accounts: [], tokenLifeSeconds: 1 }, () => {
    reads++;
    return time;
  });
  const readsOf = (work: () => unknown): number => {
    reads = 0;
    work();
    return reads;
  };
  const issue = () => issuer.issue(undefined, ['repository:a:pull']);
  return { issuer, issue, readsOf, pass: (ms: number) => (time += ms) };
}

it('tokens that have ended are forgotten with the next that is asked for', () => {
  vi.useFakeTimers();
  const { issuer, issue, readsOf, pass } = setUp();
  const first = issue().token;
  for (let i = 0; i < 99; i++) issue();
  pass(1_001);
  expect(issuer.find(first)).toBeUndefined();
  expect(readsOf(issue)).toBeGreaterThan(100);
  expect(readsOf(issue)).toBeLessThan(5);
});

it('tokens that have ended are forgotten though nobody asks again', () => {
  vi.useFakeTimers();
  const { issue, readsOf, pass } = setUp();
  for (let i = 0; i < 100; i++) issue();
  pass(1_001);
  vi.advanceTimersByTime(1_001);
  expect(readsOf(issue)).toBeLessThan(5);
});
