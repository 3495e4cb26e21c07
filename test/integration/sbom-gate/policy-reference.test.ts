import { readFileSync } from 'node:fs';
import { gatePolicySchema, parseGatePolicy } from '@notarykit/sbom-gate';
import type { Schema } from '@notarykit/sbom-gate/internal';
import { expect, test } from 'vitest';
import { files, policyReference } from '../../../scripts/gate-policy.mjs';
import { blocksOf } from '../../support/guides/blocks.js';

/** Without what a formatter may change. */
const words = (text: string): string => text.replace(/-{3,}/g, '---').replace(/[ \n]+/g, ' ');

test('the schema file is the schema that policies are checked against', () => {
  expect(JSON.parse(readFileSync(files.schema, 'utf8'))).toEqual(gatePolicySchema);
});

test('the reference is written out of it', () => {
  expect(words(readFileSync(files.reference, 'utf8'))).toBe(words(policyReference(gatePolicySchema)));
});

/** A policy with every object that a policy may have, each with the least. */
const full = {
  version: '1.0',
  name: 'p',
  signers: { build: { trustPolicy: 'b' } },
  image: { signedBy: ['build'] },
  sbom: {
    signedBy: ['build'],
    requirePackages: [{ name: 'a' }],
    blockPackages: [{ name: 'a' }],
    licenses: { exceptPackages: [{ name: 'a' }] },
  },
  scan: { signedBy: ['build'], maxAge: '7d', block: {} },
  vex: { signedBy: ['build'] },
  provenance: { signedBy: ['build'], sources: [{ repository: 'https://a.example/b' }], materials: {} },
  exceptions: [
    { id: 'CVE-1', reason: 'looked at by hand', expires: '2027-01-01T00:00:00Z', packages: [{ name: 'a' }] },
  ],
  limits: {},
  output: { promote: { signWith: 'build' } },
};

interface Default {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** Every member with a default, by its way from the top. */
function defaultsOf(schema: Schema, path: readonly string[]): readonly Default[] {
  const own = schema.default === undefined ? [] : [{ path, value: schema.default }];
  if (path.at(-1) === 'signers' && typeof schema.additionalProperties === 'object')
    return defaultsOf(schema.additionalProperties, [...path, 'build']);
  if (schema.$ref !== undefined) {
    const to = gatePolicySchema.definitions?.[schema.$ref.slice('#/definitions/'.length)] as Schema;
    return [...own, ...defaultsOf(to, path)];
  }
  const members = Object.entries(schema.properties ?? {}).flatMap(([name, one]) => defaultsOf(one, [...path, name]));
  return [...own, ...members, ...(schema.items === undefined ? [] : defaultsOf(schema.items, [...path, '0']))];
}

function withMember(document: object, [name = '', ...rest]: readonly string[], value: unknown): object {
  const inner: unknown = (document as Record<string, unknown>)[name];
  const copy = Array.isArray(document) ? [...document] : { ...document };
  if (rest.length > 0 && (typeof inner !== 'object' || inner === null)) throw new Error(`nothing at ${name}`);
  return Object.assign(copy, { [name]: rest.length === 0 ? value : withMember(inner as object, rest, value) });
}

const read = (document: object): object => ({ ...parseGatePolicy(JSON.stringify(document)), digest: '' });

const defaults = defaultsOf(gatePolicySchema, []);

test('the schema has defaults', () => expect(defaults.length).toBeGreaterThan(35));

test.each(defaults.map(({ path, value }) => [path.join('.'), path, value] as const))(
  'writing out the default of %s changes nothing',
  (_, path, value) => {
    // Lists of rules are given above, to have rules in them.
    const base = Array.isArray(value) && value.length === 0 ? withMember(full, path, undefined) : full;
    expect(read(withMember(base, path, value))).toEqual(read(base));
  },
);

test('every member says what it means', () => {
  const silent: string[] = [];
  const visit = (schema: Schema, path: string): void => {
    for (const [name, one] of Object.entries(schema.properties ?? {})) {
      if ((one.description ?? '') === '') silent.push(`${path}/${name}`);
      visit(one, `${path}/${name}`);
    }
    if (schema.items !== undefined) visit(schema.items, `${path}/0`);
  };
  visit(gatePolicySchema, '');
  for (const [name, one] of Object.entries(gatePolicySchema.definitions ?? {})) visit(one, name);
  expect(silent).toEqual([]);
});

/** What a page leaves out of a policy that it shows a piece of. */
const rest =
  'version: "1.0"\nname: p\nsigners: { build: { trustPolicy: b }, verifier: { trustPolicy: v } }\nimage: { signedBy: [build] }\n';

test.each([
  ['docs/gate-policy.md', ''],
  ['docs/push-by-digest.md', rest],
  ['packages/sbom-gate/README.md', rest],
])('the policy in %s is one', (page, before) => {
  const policies = blocksOf(readFileSync(page, 'utf8')).filter(({ language }) => language === 'yaml');
  expect(policies).not.toEqual([]);
  for (const { code } of policies) expect(() => parseGatePolicy(`${before}${code}`)).not.toThrow();
});
