import { describe, expect, it } from 'vitest';
import { answerOf, failureOf } from './answer.js';
import { VerifierError } from './errors.js';
import type { Judgement } from './judge/judge.js';
import type { Settings } from './settings/settings.js';

const digest = `sha256:${'a'.repeat(64)}` as const;
const pull = { repository: 'a.test/b', descriptor: { mediaType: 'a/b', digest, size: 1 } };
const answer = (judged: Partial<Judgement>, settings: Partial<Settings> = {}) =>
  answerOf({ cached: false, ...judged } as Judgement, pull as never, settings as Settings);

describe('answerOf', () => {
  it.each<[Partial<Judgement>, Partial<Settings>, number]>([
    [{ verdict: 'trusted' }, {}, 0],
    [{ verdict: 'skipped' }, {}, 1],
    [{ verdict: 'skipped' }, { allowSkipped: true }, 0],
    [{ verdict: 'refused', code: 'ERR_A', message: 'b' }, { allowSkipped: true }, 1],
    [{ verdict: 'undecided', code: 'ERR_A', message: 'b' }, { allowSkipped: true }, 3],
    [{ verdict: 'unheard-of' as never }, { allowSkipped: true }, 3],
    [{}, {}, 3],
  ])('%j with %j ends with %i', (judged, settings, exitCode) => {
    expect(answer(judged, settings).exitCode).toBe(exitCode);
  });

  it('the reason is one line of bounded length, whatever it is about', () => {
    const message = `a\r\nb\u0000c\u202ed${'e'.repeat(10_000)}`;
    const { reason } = answer({ verdict: 'refused', code: 'ERR_A', message });
    expect(reason.length).toBe(4096);
    expect(reason).toMatch(/ERR_A: a b c de+…$/);
  });
});

describe('failureOf', () => {
  it.each<[unknown, number]>([
    [new VerifierError('ERR_VERIFIER_REQUEST', 'a'), 2],
    [new VerifierError('ERR_VERIFIER_SETTINGS', 'a'), 3],
    [new DOMException('late', 'TimeoutError'), 3],
    [new TypeError('a'), 3],
    ['a', 3],
    [undefined, 3],
  ])('%s ends with %i', (error, exitCode) => expect(failureOf(error, 1000).exitCode).toBe(exitCode));
});
