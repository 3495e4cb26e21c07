import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { casesFolder, differences, loadCases } from '../../../conformance/kit.mjs';

const schemaFile = fileURLToPath(new URL('../../../conformance/schema/case.schema.json', import.meta.url));
const cases = loadCases();
const share = (some: readonly unknown[]): number => some.length / cases.length;

describe('the cases of the conformance kit', () => {
  test('are those of the tables of the generator, byte for byte', () => {
    expect(differences()).toEqual([]);
  });

  test('are described by the schema', () => {
    const ajv = new Ajv2020({ formats: { 'date-time': true }, allErrors: true });
    const fits = ajv.compile(JSON.parse(readFileSync(schemaFile, 'utf8')) as object);
    for (const { id } of cases) {
      const document = JSON.parse(readFileSync(`${casesFolder}/${id}/case.json`, 'utf8')) as object;
      expect(fits(document), `${id}: ${ajv.errorsText(fits.errors)}`).toBe(true);
    }
  });

  test('are 400 at least, most of them refusals', () => {
    expect(cases.length).toBeGreaterThanOrEqual(400);
    expect(cases.filter(({ expected }) => expected.verdict === 'refused').length).toBeGreaterThanOrEqual(250);
    expect(cases.filter(({ expected }) => expected.verdict === 'trusted').length).toBeGreaterThanOrEqual(100);
  });

  test('need a clock of their own in one of ten at most', () => {
    const clocked = cases.filter(({ requires }) => requires.includes('clock'));
    expect(clocked.length).toBeGreaterThan(0);
    expect(share(clocked)).toBeLessThanOrEqual(0.1);
  });

  test('name a section and say in one sentence why', () => {
    for (const { id, specification, why } of cases) {
      expect(specification.url, id).toMatch(/^https:\/\/[^#]+#[\w.-]+$/);
      expect(why.trim(), id).toMatch(/[.]$/);
    }
  });

  test.each(['PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'])(
    '%s: accepted and refused in both formats',
    (name) => {
      for (const format of ['jws', 'cose']) {
        const own = cases.filter(({ tags = [] }) => tags.includes(name) && tags.includes(format));
        const verdicts = new Set(own.map(({ expected }) => expected.verdict));
        expect(verdicts, format).toEqual(new Set(['trusted', 'refused']));
      }
    },
  );

  test.each(['blob', 'clock', 'plugins', 'revocation', 'timestamp', 'user-metadata'])(
    '%s is required by some',
    (feature) => {
      expect(cases.some(({ requires }) => requires.includes(feature))).toBe(true);
    },
  );
});
