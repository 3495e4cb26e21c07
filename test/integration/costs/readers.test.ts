import { isCodedError } from '@notarykit/common';
import { describe, expect, it } from 'vitest';
import { growthOf } from '../../support/call-counts.js';
import { derReaders } from './der-readers.js';
import { documentReaders } from './document-readers.js';
import type { Reader } from './reader.js';
import { textReaders } from './text-readers.js';

const readers: readonly Reader[] = [...textReaders, ...derReaders, ...documentReaders];

describe('X3 the cost of reading', () => {
  // Four times the input takes at most four times the calls, and a little for what grows beside it.
  it.each(
    readers.flatMap(({ name, read, shapes, size = 200 }) =>
      Object.entries(shapes).map(([shape, make]) => [name, shape, read, make, size] as const),
    ),
  )('X3 %s, %s: grows as its input does', async (_, __, read, make, size) => {
    const inputs = new Map([size, size * 4].map((each) => [each, make(each)] as const));
    const growth = await growthOf(async (each) => {
      try {
        await read(inputs.get(each) as never);
      } catch (error) {
        if (!isCodedError(error)) throw error;
      }
    }, size);
    expect(growth).toBeLessThan(4.5);
  });
});
