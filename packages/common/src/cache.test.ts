import { expect, it } from 'vitest';
import { memoryCache } from './cache.js';
import { directoryCache } from './node/files/directory-cache.js';

it.each([Number.NaN, -1, '5'])('a bound that would never be reached is refused: %s', (bound) => {
  const options = { maxEntries: bound as number };
  const refused = expect.objectContaining({ code: 'ERR_CODEC_LIMIT' });
  expect(() => memoryCache(options)).toThrow(refused);
  expect(() => directoryCache('/nowhere', options)).toThrow(refused);
});

it('keeps as many entries as it may, and drops the one unused for longest', async () => {
  const cache = memoryCache<number>({ maxEntries: 2 });
  await cache.set('a', 1);
  await cache.set('b', 2);
  await cache.get('a');
  await cache.set('c', 3);
  expect(await Promise.all(['a', 'b', 'c'].map((key) => cache.get(key)))).toEqual([1, undefined, 3]);
});
