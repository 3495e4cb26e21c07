import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodePem } from '@notarykit/pki';
import { createTrustLab, type Issued, type TrustLab } from '@notarykit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bundle, bundle } from '../../support/bundle.js';
import { runProgram } from '../../support/run-program.js';
import { writeNotationFiles } from './notation-files.js';

let tool: Bundle;
let lab: TrustLab;
let leaf: Issued;
let folder: string;
beforeAll(async () => {
  [tool, lab] = await Promise.all([bundle('packages/cli/src/notarykit.ts'), createTrustLab()]);
  const { url } = await lab.services.listen();
  leaf = await lab.authority.issueLeaf({ ocspUrls: [lab.services.ocspUrl(url)] });
  folder = await mkdtemp(join(tmpdir(), 'notarykit-revocation-'));
  await writeNotationFiles(folder, encodePem('CERTIFICATE', lab.authority.root.certificate), {
    file: 'content',
    'key.pem': leaf.privateKeyPem,
    'chain.pem': leaf.pem,
  });
  const signed = await run('blob', 'sign', '--key-file', 'key.pem', '--certificate-file', 'chain.pem', 'file');
  expect(signed).toMatchObject({ code: 0 });
});
afterAll(() => Promise.all([tool.remove(), lab.close(), rm(folder, { recursive: true })]));

const run = (...words: string[]) =>
  runProgram(tool.path, words, {
    cwd: folder,
    env: { NOTATION_CONFIG: join(folder, 'notation'), NOTATION_CACHE: join(folder, 'cache'), NO_COLOR: '1' },
  });
const verify = (...options: string[]) => run('blob', 'verify', ...options, '--signature', 'file.jws.sig', 'file');

describe('a certificate names an OCSP server on this machine', () => {
  it.each([[[]], [['--revocation-addresses', 'private']], [['--revocation-addresses', 'public']]])(
    'is not requested with %j',
    async (options) => {
      const before = lab.services.requests.length;
      expect(await verify(...options)).toMatchObject({ code: 1, stderr: expect.stringContaining('loopback') });
      expect(lab.services.requests).toHaveLength(before);
    },
  );

  it.each(['loopback', 'any'])('is requested with --revocation-addresses %s', async (network) => {
    const before = lab.services.requests.length;
    expect(await verify('--revocation-addresses', network)).toMatchObject({ code: 0 });
    expect(lab.services.requests.length).toBeGreaterThan(before);
  });

  it('its answer decides', async () => {
    lab.services.revoke(leaf);
    const { code, stderr } = await verify('--revocation-addresses', 'loopback');
    expect(code).toBe(1);
    expect(stderr).toContain('revoked');
  });
});

it.each([['lan'], ['']])('--revocation-addresses %j is not a network', async (network) => {
  expect(await verify('--revocation-addresses', network)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('public, private, loopback, any'),
  });
});

it('copy without --verify asks for no revocation', async () => {
  const { code, stderr } = await run('copy', '--revocation-addresses', 'any', 'a.test/b:v1', 'a.test/c:v1');
  expect({ code }).toEqual({ code: 2 });
  expect(stderr).toContain('--verify');
});
