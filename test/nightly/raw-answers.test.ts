import { expect, it } from 'vitest';
import { cutAnswers, oddAnswers, type RawAnswer, statuses } from '../support/raw-answers/corpus.js';
import { runAnswers } from '../support/raw-answers/run.js';

it.each<[string, readonly RawAnswer[]]>([
  ['every status', statuses()],
  ['an answer that breaks off anywhere', cutAnswers()],
  ['answers that are wrong in a way of their own', oddAnswers(20)],
])('H9 X2 %s, to every verb', async (_, answers) => {
  for (const maxRetries of [0, 1]) {
    const { runs, settled, uncoded } = await runAnswers(answers, undefined, {
      retry: { maxRetries, baseMs: 1, maxMs: 2 },
    });
    expect(uncoded).toEqual([]);
    expect(settled).toBe(runs);
  }
});

it.each<[string, readonly RawAnswer[]]>([
  ['every status', statuses()],
  ['an answer that breaks off anywhere', cutAnswers()],
  ['answers that are wrong in a way of their own', oddAnswers(20)],
])('H9 X2 past the parser: %s, to every verb', async (_, answers) => {
  for (const pastParserFrom of [1, Number.POSITIVE_INFINITY]) {
    const { runs, settled, uncoded } = await runAnswers(answers, undefined, { connection: { pastParserFrom } });
    expect(uncoded).toEqual([]);
    expect(settled).toBe(runs);
  }
});
