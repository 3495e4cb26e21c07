import { readFile } from 'node:fs/promises';
import { signerConformance } from '@notarykit/kms-providers/conformance';
import { signatureAlgorithms } from '@notarykit/signature-envelope/internal';
import { createAuthority } from '@notarykit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SigningService, startSigningService } from '../../../examples/custom-signer/src/service.js';
import { wabbitSigner } from '../../../examples/custom-signer/src/signer.js';
import { bundle } from '../../support/bundle.js';
import { runProgram } from '../../support/run-program.js';

test('the signer has at most twenty lines', async () => {
  const text = await readFile('examples/custom-signer/src/signer.ts', 'utf8');
  const [, signer = ''] = /^(export function wabbitSigner.*?^})/ms.exec(text) ?? [];
  expect(signer.split('\n').length).toBeGreaterThan(5);
  expect(signer.split('\n').length).toBeLessThanOrEqual(20);
});

test('the program signs and verifies', async () => {
  const program = await bundle('examples/custom-signer/src/main.ts');
  const { code, stdout, stderr } = await runProgram(program.path);
  await program.remove();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^trusted sha256:[0-9a-f]{64}\n$/);
});

test('the conformance program passes every case', async () => {
  const program = await bundle('examples/custom-signer/src/conformance.ts');
  const { code, stdout } = await runProgram(program.path);
  await program.remove();
  expect({ code, stdout }).toMatchObject({ code: 0 });
  expect(stdout).toContain('K10 twenty at once');
}, 60_000);

describe.each(signatureAlgorithms.map(({ keySpec }) => keySpec))('custom signer %s', (keySpec) => {
  let service: SigningService;
  let chain: readonly Uint8Array[];
  beforeAll(async () => {
    service = await startSigningService(keySpec, 'secret');
    ({ chain } = await (await createAuthority()).issueLeaf({ keyPair: service.keyPair }));
  });
  afterAll(() => service.close());
  signerConformance({
    test,
    keySpec,
    create: () => wabbitSigner(service.url, 'secret', chain),
    signatures: 20,
  });
});
