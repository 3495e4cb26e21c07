import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { loadCases, runCommand, runSigning } from '../../conformance/kit.mjs';
import { peer } from '../../scripts/peers.mjs';

const adapter = (name: string): string[] => [
  process.execPath,
  fileURLToPath(new URL(`../../conformance/adapters/${name}/main.mjs`, import.meta.url)),
];

describe('kit-sign-notation', () => {
  test('signs OCI artifacts as the specification says', async () => {
    const results = await runSigning(adapter('notation'), { env: { NOTATION: await peer('notation') } });
    expect(results.filter(({ result }) => result === 'failed')).toEqual([]);
    expect(results.filter(({ result }) => result === 'passed')).toHaveLength(16);
  });
});

describe('kit-program', () => {
  test('NotaryKit as a program, over the proxy of the kit', async () => {
    const patterns = [
      'jws-es256-oci',
      'cose-ps384-blob',
      'manifest-*-api',
      'manifest-*-tag',
      'plugin-*-identity',
      'clock-expiry-*',
    ];
    const cases = loadCases(undefined, [...patterns, 'revocation-crl-revoked', 'revocation-ocsp-good']);
    const results = await runCommand(cases, adapter('notarykit'));
    expect(results.filter(({ result }) => result !== 'passed')).toEqual([]);
  });

  test('NotaryKit as a program signs as the specification says', async () => {
    const results = await runSigning(adapter('notarykit'), { patterns: ['*-blob', '*-expiry', 'sign-cose-ps256'] });
    expect(results.filter(({ result }) => result !== 'passed')).toEqual([]);
  });
});
