import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { verify } from 'notarykit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runStep } from '../../support/actions/runner.js';
import {
  accountInputs,
  releaseActions,
  sbomOf,
  setUpWorkspace,
  stepSecrets,
  trustFiles,
  vaultInputs,
} from '../../support/actions/workspace.js';
import { startScriptedProxy } from '../../support/scripted-proxy.js';

let workspace: Awaited<ReturnType<typeof setUpWorkspace>>;
let released: string;
beforeAll(async () => {
  workspace = await setUpWorkspace();
  released = await releaseActions(workspace.folder);
});
afterAll(() => workspace.close());

const sbomType = 'application/vnd.cyclonedx+json';

type Inputs = Readonly<Record<string, string>>;

/** A step of a job that uses a released action, and may ask for identity tokens unless told otherwise. */
const step = (action: string, inputs: Inputs, env: Inputs = workspace.identity.env) =>
  runStep({ main: join(released, action, 'index.mjs'), inputs, env, workspace: workspace.folder });

const signing = (inputs: Inputs) => step('sign', { ...accountInputs, ...vaultInputs(workspace, 'build'), ...inputs });
const verifying = (inputs: Inputs) => step('verify', { ...accountInputs, ...trustFiles, ...inputs });
const gating = (inputs: Inputs) =>
  step('gate', { ...accountInputs, ...trustFiles, 'gate-policy': 'policies/gate.yaml', ...inputs });
const accounts = {
  'from-username': accountInputs.username,
  'from-password': accountInputs.password,
  'to-username': accountInputs.username,
  'to-password': accountInputs.password,
};
const promoting = (inputs: Inputs) =>
  step('promote', {
    ...accounts,
    ...trustFiles,
    'gate-policy': 'policies/gate.yaml',
    ...vaultInputs(workspace, 'production'),
    ...inputs,
  });

/** An image with a signed SBOM; the image is signed, too, unless told otherwise. */
async function release(content: string, packages: readonly string[]) {
  const { reference, descriptor } = await workspace.push(content);
  const sbom = `${descriptor.digest.slice(7, 19)}.cdx.json`;
  await writeFile(join(workspace.folder, sbom), sbomOf(descriptor.digest, packages));
  const image = await signing({ reference });
  const attached = await signing({ reference, files: `${sbom}:${sbomType}`, 'artifact-type': sbomType });
  expect([image.code, attached.code, image.log, attached.log]).toEqual([0, 0, image.log, attached.log]);
  return { reference, descriptor, image, attached };
}

const tagOf = (repository: string, tag: string) =>
  workspace
    .repository(repository)
    .resolve(tag)
    .then(({ digest }) => digest)
    .catch((error: { code?: string }) => error.code);

const sarifIn = async (name: string) =>
  JSON.parse(await readFile(join(workspace.folder, name), 'utf8')).runs[0].results as readonly {
    ruleId: string;
    level: string;
    locations: readonly { physicalLocation: { artifactLocation: { uri: string } } }[];
  }[];

it('signs, attaches, verifies, gates, tags last, and promotes', async () => {
  const { reference, descriptor, image, attached } = await release('whole', ['left-pad']);
  const { digest } = descriptor;
  expect(image.outputs).toEqual({ digest, signature: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) });
  expect(attached.outputs['digest']).not.toBe(digest);
  expect(image.summary).toContain(`✅ signed ${reference}`);

  const verified = await verifying({ reference, metadata: 'run=7\nsource=wabbit/net-monitor\nrevision=abc' });
  expect({ ...verified.outputs, code: verified.code }).toEqual({ code: 0, verdict: 'trusted', digest });
  expect(verified.summary).toContain('is trusted');

  expect(await tagOf('net-monitor', 'v1')).not.toBe(digest);
  const gated = await gating({ reference, tags: 'v1\nstable', 'sarif-file': 'gate.sarif' });
  expect({ ...gated.outputs, code: gated.code }).toEqual({ code: 0, verdict: 'allow', digest, sarif: 'gate.sarif' });
  expect([await tagOf('net-monitor', 'v1'), await tagOf('net-monitor', 'stable')]).toEqual([digest, digest]);

  const to = `${workspace.host}/production:v1`;
  const promoted = await promoting({ from: reference, to });
  expect({ ...promoted.outputs, code: promoted.code }).toEqual({ code: 0, verdict: 'allow', digest });
  expect(await tagOf('production', 'v1')).toBe(digest);
  // Registry and account are the same: blobs are mounted, but for the empty config of what is new.
  const sent = workspace.requests.filter(({ method, path }) => method === 'PUT' && path.includes('/production/blobs/'));
  expect(sent.filter(({ bodyLength }) => bodyLength > '{}'.length)).toEqual([]);
  const document = JSON.parse(await readFile(join(workspace.folder, trustFiles['trust-policy']), 'utf8'));
  const trustStore = memoryTrustStore({ ca: { lab: workspace.authority.root.certificate } });
  const trust = { policy: parseTrustPolicy(document), trustStore };
  expect(await verify(workspace.repository('production'), 'v1', trust)).toMatchObject({ verdict: 'trusted', digest });

  const steps = [image, attached, verified, gated, promoted];
  expect(steps.map(({ state }) => state)).toEqual(steps.map(() => ''));
  const secrets = [...workspace.identity.tokens, ...stepSecrets, ...Object.values(workspace.identity.env).slice(1)];
  for (const { log, summary } of steps) for (const secret of secrets) expect(log + summary).not.toContain(secret);
  const masked = promoted.messages('add-mask');
  expect(masked).toEqual(expect.arrayContaining([...stepSecrets, workspace.identity.tokens.at(-1)]));
  expect(masked.some((secret) => secret.startsWith('hvs.login-'))).toBe(true);
});

it('fails the step for an unsigned image, with an annotation, findings and a summary', async () => {
  const { reference } = await workspace.push('unsigned');
  const { code, outputs, summary, messages, log } = await verifying({ reference, 'sarif-file': 'verify.sarif' });
  expect({ code, outputs }).toEqual({ code: 1, outputs: { verdict: 'refused', sarif: 'verify.sarif' } });
  expect(messages('error')[0]).toBe(`${reference} is not trusted`);
  expect(messages('error').length).toBeGreaterThan(1);
  expect(summary).toContain('❌');
  expect(log).toContain('::stop-commands::');
  const results = await sarifIn('verify.sarif');
  expect(results.map(({ level }) => level)).toContain('error');
  for (const { locations } of results)
    expect(locations[0]?.physicalLocation.artifactLocation.uri).toBe('policies/trustpolicy.json');
});

it('fails the step for an artifact that the policy skips: nothing was verified', async () => {
  const { reference } = await workspace.push('skipped', 'skipped');
  const { code, outputs } = await verifying({ reference });
  expect({ code, outputs }).toEqual({ code: 1, outputs: { verdict: 'skipped' } });
});

it('tags and promotes nothing that may not be deployed', async () => {
  const { reference } = await release('denied', ['right-pad']);
  const gated = await gating({ reference, tags: 'denied', 'sarif-file': 'denied.sarif' });
  expect(gated).toMatchObject({ code: 1, outputs: { verdict: 'deny', sarif: 'denied.sarif' } });
  expect(gated.outputs['digest']).toBeUndefined();
  expect(gated.messages('error').join('\n')).toContain('left-pad');
  expect(await tagOf('net-monitor', 'denied')).not.toMatch(/^sha256:/);
  const [result] = (await sarifIn('denied.sarif')).filter(({ level }) => level === 'error');
  expect(result?.locations[0]?.physicalLocation.artifactLocation.uri).toBe('policies/gate.yaml');

  const promoted = await promoting({ from: reference, to: `${workspace.host}/production:denied` });
  expect(promoted).toMatchObject({ code: 1, outputs: { verdict: 'deny' } });
  expect(await tagOf('production', 'denied')).not.toMatch(/^sha256:/);
});

it('a release has four files, their licences, and the same bytes whenever it is made', async () => {
  const again = await releaseActions(workspace.folder, '.again');
  const names = ['gate', 'promote', 'sign', 'verify'];
  expect((await readdir(released)).sort()).toEqual([
    'LICENSE',
    'README.md',
    'THIRD-PARTY-LICENSES.txt',
    ...names,
    'workflows',
  ]);
  for (const name of names) {
    expect((await readdir(join(released, name))).sort()).toEqual(['action.yml', 'index.mjs']);
    const [one, other] = await Promise.all(
      [released, again].map((tree) => readFile(join(tree, name, 'index.mjs'), 'utf8')),
    );
    expect(one === other).toBe(true);
    expect(one?.includes(process.cwd())).toBe(false);
  }
  const { dependencies } = JSON.parse(await readFile('actions/package.json', 'utf8')) as { dependencies: object };
  const foreign = Object.keys(dependencies).filter((name) => !/^(@notarykit\/|notarykit$)/.test(name));
  const licences = await readFile(join(released, 'THIRD-PARTY-LICENSES.txt'), 'utf8');
  for (const name of foreign) expect(licences).toContain(`${name}@`);
});

it('reaches a registry through the proxy of the runner', async () => {
  const { descriptor } = await workspace.push('unsigned');
  const proxy = await startScriptedProxy({ routes: { 'registry.test:80': Number(workspace.host.split(':')[1]) } });
  const inputs = { reference: `registry.test/net-monitor@${descriptor.digest}`, 'insecure-registry': 'true' };
  const env = { http_proxy: proxy.url, HTTP_PROXY: proxy.url, no_proxy: '', NO_PROXY: '' };
  const { code, outputs, log } = await step('verify', { ...accountInputs, ...trustFiles, ...inputs }, env);
  await proxy.close();
  // No statement of the trust policy is for that name: it is asked for after the manifest was read.
  expect({ code, outputs, log }).toMatchObject({ code: 1, outputs: { verdict: 'refused' } });
  expect(proxy.asked.join('\n')).toContain('http://registry.test/v2/net-monitor/manifests/');
});

describe('reaches a cloud through the proxy of the runner, from one file', () => {
  const chain = { 'certificate-chain': `${trustFiles['trust-store']}/x509/ca/lab/root.pem` };
  it.each([
    [
      'sts.eu-west-1.amazonaws.com:443',
      { 'aws-key-id': 'alias/k', 'aws-region': 'eu-west-1', 'aws-role': 'arn:aws:iam::1:role/r' },
    ],
    [
      'wabbit.vault.azure.net:443',
      {
        'azure-certificate': 'k',
        'azure-vault-url': 'https://wabbit.vault.azure.net',
        'azure-tenant-id': '00000000-0000-0000-0000-00000000000a',
        'azure-client-id': 'c',
      },
    ],
    [
      'sts.googleapis.com:443',
      { 'gcp-key': 'projects/p/locations/l/keyRings/r/cryptoKeys/k', 'gcp-workload-identity-provider': 'p' },
    ],
  ])('%s', async (server, inputs) => {
    const { reference } = await workspace.push('cloud');
    const proxy = await startScriptedProxy();
    const env = {
      ...workspace.identity.env,
      https_proxy: proxy.url,
      HTTPS_PROXY: proxy.url,
      no_proxy: '',
      NO_PROXY: '',
    };
    const { code, log } = await step('sign', { ...accountInputs, reference, ...chain, ...inputs }, env);
    await proxy.close();
    expect([code, log]).toEqual([1, expect.stringContaining('answered CONNECT with 403')]);
    expect(proxy.asked).toContain(`CONNECT ${server}`);
  });
});

describe('fails the step, and says why, for', () => {
  it('an input that cannot be used', async () => {
    const { code, messages, outputs, summary } = await gating({ reference: 'net-monitor@' });
    expect({ code, outputs }).toEqual({ code: 1, outputs: { verdict: 'failed' } });
    expect(messages('error')).toEqual([
      expect.stringMatching(/^input "reference": .*\(ERR_ACTION_INPUT\)\nmore: https:\S+\/errors\/ERR_ACTION_INPUT$/),
    ]);
    expect(summary).toContain('input "reference"');
  });

  it('a job without the permission to ask for an identity token', async () => {
    const { reference: pushed } = await workspace.push('permission');
    const inputs = { ...accountInputs, ...vaultInputs(workspace, 'build'), reference: pushed };
    const { code, messages } = await step('sign', inputs, {});
    expect([code, messages('error').join()]).toEqual([1, expect.stringContaining('id-token: write')]);
  });

  it('a right that is missing, and shows no token', async () => {
    const { reference: pushed } = await workspace.push('right');
    workspace.faults.denied = true;
    const { code, messages, log } = await signing({ reference: pushed });
    workspace.faults.denied = false;
    expect([code, messages('error').join()]).toEqual([
      1,
      expect.stringContaining('Vault: HTTP 403: permission denied'),
    ]);
    expect(log).not.toContain('hvs.');
  });

  it('an identity token that the key service does not accept, and shows no token', async () => {
    const { reference: pushed } = await workspace.push('audience');
    const { code, messages, log } = await signing({ reference: pushed, 'oidc-audience': 'someone-else' });
    expect([code, messages('error').join()]).toEqual([
      1,
      expect.stringContaining('the login at auth/jwt/login was refused'),
    ]);
    expect(log).not.toContain(workspace.identity.tokens.at(-1));
  });
});
