import { createPrivateKey } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packArtifact } from '@notarykit/artifact-graph';
import { createRegistry } from '@notarykit/registry-client';
import { createTrustLab, type TrustLab } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { verify } from 'notarykit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Bundle, bundle } from '../../support/bundle.js';
import { runProgram } from '../../support/run-program.js';
import { type VaultDouble, vaultDouble } from '../../support/vault.js';

const account = { username: 'builder', password: 'only for the build' };
const token = 'hvs.only-for-the-build';
const policy = parseTrustPolicy({
  version: '1.0',
  trustPolicies: [
    {
      name: 'lab',
      registryScopes: ['*'],
      signatureVerification: { level: 'permissive' },
      trustStores: ['ca:lab'],
      trustedIdentities: ['*'],
    },
  ],
});

let folder: string;
let program: Bundle;
let lab: TrustLab;
let vault: VaultDouble;
let host: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notarykit-action-'));
  program = await bundle('examples/github-action/src/main.ts');
  lab = await createTrustLab({ registry: { auth: { scheme: 'token', accounts: [account] } } });
  const leaf = await lab.authority.issueLeaf({ keySpec: 'RSA-2048' });
  const privateKey = createPrivateKey(leaf.privateKeyPem);
  vault = await vaultDouble({ name: 'net-monitor', token, privateKey, chainPem: leaf.pem });
  ({ host } = await lab.registry.listen());
});
afterAll(async () => {
  await Promise.all([vault.close(), lab.close(), program.remove()]);
  await rm(folder, { recursive: true });
});

async function run(inputs: Readonly<Record<string, string>>) {
  const output = join(folder, 'output');
  const given = {
    'vault-address': vault.address,
    'vault-token': token,
    'vault-key': 'net-monitor',
    ...account,
    ...inputs,
  };
  const env = Object.fromEntries(Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
  return runProgram(program.path, [], {
    env: {
      ...env,
      GITHUB_OUTPUT: output,
      GITHUB_REPOSITORY: 'wabbit/net-monitor',
      GITHUB_SHA: 'abc',
      GITHUB_RUN_ID: '7',
    },
  });
}

it('signs with the key in Vault, and signs along which run it was', async () => {
  const repository = createRegistry({ registry: host, credentials: account }).repository('net-monitor');
  const { descriptor } = await packArtifact(repository, { artifactType: 'example/app', layers: [] });
  const { code, stdout } = await run({ reference: `${host}/net-monitor@${descriptor.digest}`, format: 'cose' });
  expect({ code, stdout }).toMatchObject({ code: 0 });
  const trust = { policy, trustStore: memoryTrustStore(lab.trustStore) };
  const metadata = { source: 'wabbit/net-monitor', revision: 'abc', run: '7' };
  const { digest, verdict } = await verify(repository, descriptor, { ...trust, metadata });
  expect(verdict).toBe('trusted');
  expect(await readFile(join(folder, 'output'), 'utf8')).toMatch(
    new RegExp(`^digest=${digest}\nsignature=sha256:[0-9a-f]{64}\n$`),
  );
  expect(stdout.replace(/^::add-mask::.*$/gm, '')).not.toContain(token);
});

it.each([
  [{ reference: 'registry.test/net-monitor:v1' }, 'by digest'],
  [{ reference: '' }, 'the input "reference" is needed'],
  [{ reference: `registry.test/net-monitor@sha256:${'0'.repeat(64)}`, format: 'pgp' }, '"jws" or "cose"'],
])('refuses %j', async (inputs, hint) => {
  const { code, stdout } = await run(inputs);
  expect(code).toBe(1);
  expect(stdout).toContain(`::error::`);
  expect(stdout).toContain(hint);
});

it('says which permission is missing, and shows no token', async () => {
  const repository = createRegistry({ registry: host, credentials: account }).repository('net-monitor');
  const { descriptor } = await packArtifact(repository, { artifactType: 'example/other', layers: [] });
  const reference = `${host}/net-monitor@${descriptor.digest}`;
  const { code, stdout } = await run({ reference, 'vault-token': 'hvs.wrong' });
  expect(code).toBe(1);
  expect(stdout).toMatch(/^::error::Vault: HTTP 403/m);
});

it('action.yml knows the inputs that the program reads, and no other', async () => {
  const { inputs, outputs, runs } = parse(await readFile('examples/github-action/action.yml', 'utf8'));
  const source = await readFile('examples/github-action/src/action/sign.ts', 'utf8');
  const names = (pattern: RegExp) => [...new Set([...source.matchAll(pattern)].map(([, name]) => name))].sort();
  expect(names(/\b(?:input|required|secret)\('([^']+)'\)/g)).toEqual(Object.keys(inputs).sort());
  expect(names(/\boutput\('([^']+)'/g)).toEqual(Object.keys(outputs).sort());
  expect(runs).toEqual({ using: 'node20', main: 'dist/main.js' });
});
