import { isCodedError } from '@notarykit/common';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { checkSchema } from './check-schema.js';
import { parseGatePolicy } from './parse.js';
import { gatePolicySchema } from './schema.js';

const base = {
  version: '1.0',
  name: 'p',
  signers: { build: { trustPolicy: 'b' } },
  image: { signedBy: ['build'] },
};
const scan = { signedBy: ['build'], maxAge: '7d', block: {} };

/** Documents with whether the schema takes them. */
const documents: readonly [string, unknown, boolean][] = [
  ['the least', base, true],
  ['a scan block', { ...base, scan }, true],
  ['an unknown member', { ...base, sboms: {} }, false],
  ['no signers', { ...base, signers: {} }, false],
  ['another version', { ...base, version: '2.0' }, false],
  ['a duration without unit', { ...base, scan: { ...scan, maxAge: '7' } }, false],
  ['a format that is not known', { ...base, sbom: { signedBy: ['build'], formats: ['spdx'] } }, false],
  ['formats twice', { ...base, sbom: { signedBy: ['build'], formats: ['syft', 'syft'] } }, false],
  ['a rule without purl and name', { ...base, sbom: { signedBy: ['build'], blockPackages: [{ type: 'npm' }] } }, false],
  ['platforms as text', { ...base, image: { signedBy: ['build'], platforms: 'all' } }, true],
  ['platforms as other text', { ...base, image: { signedBy: ['build'], platforms: 'some' } }, false],
  ['platforms as list', { ...base, image: { signedBy: ['build'], platforms: ['linux/amd64'] } }, true],
  ['a short reason', { ...base, exceptions: [{ id: 'CVE-1', reason: 'x', expires: '2027-01-01T00:00:00Z' }] }, false],
  ['a limit out of range', { ...base, limits: { depth: 1 } }, false],
  ['a text', 'policy', false],
];

function refusal(document: unknown): string | undefined {
  try {
    parseGatePolicy(typeof document === 'string' ? document : JSON.stringify(document));
    return undefined;
  } catch (error) {
    return isCodedError(error) ? `${error.code} ${error.message}` : `not coded: ${error}`;
  }
}

describe('gate policy', () => {
  const validate = new Ajv({ strict: false, formats: { 'date-time': true, uri: true } }).compile(gatePolicySchema);

  test.each(documents)('schema and a full validator agree on %s', (_, document, valid) => {
    expect(checkSchema(gatePolicySchema, document as never).length === 0).toBe(valid);
    expect(validate(document)).toBe(valid);
  });

  test.each([
    [{ ...base, image: { signedBy: ['nobody'] } }, '/image/signedBy'],
    [
      { ...base, sbom: { signedBy: ['build'], blockPackages: [{ purl: 'pkg:npm/a', versions: 'vers:deb/<1' }] } },
      'vers:npm',
    ],
    [
      { ...base, sbom: { signedBy: ['build'], blockPackages: [{ purl: 'pkg:npm/a', versions: 'vers:npm/<1' }] } },
      'versions of the scheme',
    ],
    [{ ...base, sbom: { signedBy: ['build'], blockPackages: [{ purl: 'pkg:npm/a@1' }] } }, 'without version'],
    [
      { ...base, sboms: {} },
      '/sboms: there is no such member; known are version, name, trustPolicy, signers, image, sbom',
    ],
    [{ ...base, policies: {} }, 'known are version, name, trustPolicy, signers, image'],
    [{ ...base, scan: { ...scan, block: { severityAtOrAbove: 'Critical' } } }, 'did you mean "critical"?'],
    [{ ...base, sbom: { signedBy: ['build'], formats: ['spdx2'] } }, 'did you mean "spdx-2"?'],
    [{ ...base, sbom: { signedBy: ['build'], blockPackages: [{ verions: 'x' }] } }, 'did you mean "versions"?'],
    [{ ...base, image: { signedBy: ['biuld'] } }, 'did you mean "build"?'],
    ['version: "1.0"\nversion: "1.0"\n', 'unique'],
    ['a: &x 1\nb: *x\n', 'ERR_GATE_POLICY'],
  ])('refuses %j', (document, part) => {
    expect(refusal(document)).toMatch(/^ERR_GATE_POLICY/);
    expect(refusal(document)).toContain(part);
  });

  test.each(documents.filter(([, , valid]) => valid))('reads %s', (_, document) => {
    expect(parseGatePolicy(JSON.stringify(document)).version).toBe('1.0');
  });

  test('a statement that the trust policy does not have lists those that it has', () => {
    const read = () => parseGatePolicy(JSON.stringify(base), { statements: ['builds', 'scans'] });
    expect(read).toThrow(expect.objectContaining({ code: 'ERR_GATE_POLICY' }));
    expect(read).toThrow('expected a statement of the trust policy (builds, scans), found "b"');
  });

  test('all platforms are the default, by name too', () => {
    const { image } = parseGatePolicy(JSON.stringify({ ...base, image: { signedBy: ['build'], platforms: 'all' } }));
    expect(image).toEqual(parseGatePolicy(JSON.stringify(base)).image);
  });
});
