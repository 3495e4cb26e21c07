import { expect, it } from 'vitest';
import { gatePolicySchema } from '../policy/schema.js';
import { defaultSbomFormats, factsOfSboms, sbomFormatNames } from './formats.js';
import { sbomReaders } from './readers.js';

it('each row has a reader', () => {
  expect(sbomFormatNames.filter((name) => !Object.hasOwn(sbomReaders, name))).toEqual([]);
});

it('readers cut down no list but those of the rows', () => {
  const lists = new Set(factsOfSboms('lists'));
  const read = Object.values(sbomReaders).flatMap(({ elements }) => Object.keys(elements ?? {}));
  expect(read.filter((list) => !lists.has(list))).toEqual([]);
  expect(new Set(read).size).toBe(read.length);
});

it('policies can name each row, and name all but the simple document by default', () => {
  const { formats } = gatePolicySchema.properties?.['sbom']?.properties ?? {};
  expect(formats?.items?.enum).toEqual(sbomFormatNames);
  expect(formats?.default).toEqual(defaultSbomFormats);
  expect(defaultSbomFormats).toEqual(sbomFormatNames.filter((name) => name !== 'origin-simple'));
});
