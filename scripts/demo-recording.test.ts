import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { castOf, files, pageOf, pictureOf, stepsOf, textOf } from './demo-recording.mjs';

it('picture and page are made from the recording', async () => {
  const cast = await readFile(files.cast, 'utf8');
  expect(await readFile(files.picture, 'utf8')).toBe(pictureOf(cast));
  expect(await readFile(files.page, 'utf8')).toBe(pageOf(cast));
});

it('steps are lines of two levels; quotes, trees, digests and ports do not count', () => {
  const text =
    'Build\n=====\n  tagged 127.0.0.1:1/a\n      sha256:aa\n    | said\n  127.0.0.1:2/a:v1\n      image sha256:bb…\n\nverdict: yes\n';
  expect(stepsOf(text)).toEqual(['Build', 'tagged 127.0.0.1/a', '127.0.0.1/a:v1', 'verdict: yes']);
});

it('a cast gives back what was printed, and the picture holds no markup of it', () => {
  const made = castOf([
    [0.1, 'a\n<b>&\n'],
    [0.2, '\n'],
  ]);
  expect(textOf(made)).toBe('a\n<b>&\n\n');
  expect(pictureOf(made)).toContain('&lt;b&gt;&amp;');
});
