// Registries of the field, as personalities of the embedded one. UPDATE_DOCS=1 writes what it finds into docs/registries.md.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import {
  createEmbeddedRegistry,
  createTrustLab,
  type Personality,
  personalities,
  type QuirkName,
  quirkNames,
  registryQuirks,
  type TrustLab,
} from '@notarykit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAsked, probes } from './probes.js';
import { quirkList, tableOf, withSections } from './registries-page.js';
import { playVerbs, verbs } from './verbs.js';

const pairs = registryQuirks.flatMap(({ name, seen }) =>
  (Object.keys(seen) as Personality[]).map((like) => [name, like] as const),
);

describe('quirks of registries', () => {
  it('each has one row, a public source and its date', () => {
    expect(registryQuirks.map(({ name }) => name)).toEqual(quirkNames);
    for (const { seen } of registryQuirks)
      for (const { url, date } of Object.values(seen)) {
        expect(new URL(url).protocol).toBe('https:');
        expect(date).toMatch(/^20\d\d(-\d\d-\d\d)?$/);
      }
    for (const like of personalities) expect(pairs.some((pair) => pair[1] === like)).toBe(true);
  });

  it.each(pairs)('%s shows in %s, and does not when it is switched off', async (name, like) => {
    const { options, shows } = probes[name];
    expect(await shows(await createAsked({ like, ...options }))).toBe(true);
    const also = alike[name] ?? [];
    expect(await shows(await createAsked({ like, ...options, without: [name, ...also] }))).toBe(false);
    for (const other of also) expect(await shows(await createAsked({ like, ...options, without: [other] }))).toBe(true);
  });

  it('an option of the caller overrides a quirk', async () => {
    const { shows } = probes['no-deletion'];
    expect(await shows(await createAsked({ like: 'distribution-3', deletion: true }))).toBe(false);
  });

  it('a registry that is not known is refused', () => {
    expect(() => createEmbeddedRegistry({ like: 'harbor' as Personality })).toThrow(TypeError);
  });
});

/** Quirks by which another one shows as well. */
const alike: Readonly<Partial<Record<QuirkName, readonly QuirkName[]>>> = {
  'no-referrers-api': ['referrers-are-a-web-page'],
};

const found = new Map<Personality, Readonly<Record<string, string>>>();
let lab: TrustLab;
beforeAll(async () => {
  lab = await createTrustLab();
});
afterAll(() => lab.close());

describe('verbs at registries with quirks', () => {
  it.each(personalities)('end well, or in the code that says why: %s', async (like) => {
    const outcomes = await playVerbs(like, lab);
    found.set(like, outcomes);
    for (const outcome of Object.values(outcomes)) expect(outcome).toMatch(/^(ok|ERR_[A-Z_]+( \d{3}( [A-Z_]+)?)?)$/);
  });

  it('the documentation has the table of what was found', async () => {
    const table = tableOf(
      ['registry', ...Object.keys(verbs)],
      [...found].map(([like, row]) => [like, ...Object.values(row)]),
    );
    process.stdout.write(`${table}\n`);
    const path = fileURLToPath(new URL('../../../../docs/registries.md', import.meta.url));
    const text = await readFile(path, 'utf8');
    const expected = withSections(text, { quirks: quirkList(), verbs: table });
    if (process.env['UPDATE_DOCS'] === '1') await writeFile(path, expected);
    else expect(text).toBe(expected);
  });
});
