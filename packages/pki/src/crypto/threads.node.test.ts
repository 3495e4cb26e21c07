import { expect, test } from 'vitest';
import { createThreads } from './threads.node.js';

type Done = (error: Error | null, valid: boolean) => void;

test('A21 a thread is busy until its work settles', async () => {
  const threads = createThreads(2);
  const ends: Done[] = [];
  const answers = [1, 2].map(() => threads.run((done) => void ends.push(done)));
  expect(threads.isFree()).toBe(false);
  ends[1]?.(null, false);
  expect(await answers[1]).toBe(false);
  expect(threads.isFree()).toBe(true);
  ends[0]?.(new Error('no such digest'), true);
  await expect(answers[0]).rejects.toThrow('no such digest');
  expect(threads.isFree()).toBe(true);
});

test('A21 work that cannot be begun frees its thread', async () => {
  const threads = createThreads(1);
  const refused = threads.run(() => {
    throw new TypeError('not a key');
  });
  expect(threads.isFree()).toBe(false);
  await expect(refused).rejects.toThrow('not a key');
  expect(threads.isFree()).toBe(true);
});

test('A21 uses no thread on a machine with one core', () => {
  expect(createThreads(0).isFree()).toBe(false);
});
