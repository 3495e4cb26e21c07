import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import type { Action } from '../../../actions/src/action/action.js';
import { readInputs } from '../../../actions/src/action/inputs.js';
import { createSecrets } from '../../../actions/src/action/secrets.js';
import { gateAction } from '../../../actions/src/gate/action.js';
import { promoteAction } from '../../../actions/src/promote/action.js';
import { signAction } from '../../../actions/src/sign/action.js';
import { verifyAction } from '../../../actions/src/verify/action.js';

interface Metadata {
  readonly inputs: Readonly<Record<string, { readonly required?: boolean; readonly description: string }>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly runs: unknown;
}

const actions: Readonly<Record<string, Action<string, string>>> = {
  sign: signAction,
  verify: verifyAction,
  gate: gateAction,
  promote: promoteAction,
};
const metadataOf = async (name: string): Promise<Metadata> =>
  parse(await readFile(`actions/${name}/action.yml`, 'utf8')) as Metadata;

it.each(Object.entries(actions))(
  'action.yml of %s declares what the program reads and gives, and no more',
  async (name, action) => {
    const { inputs, outputs, runs } = await metadataOf(name);
    expect(Object.keys(inputs).sort()).toEqual([...action.inputs].sort());
    expect(Object.keys(outputs).sort()).toEqual([...action.outputs].sort());
    expect(runs).toEqual({ using: 'node24', main: 'index.mjs' });
  },
);

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

/** The steps of a block of the README: a whole workflow, or steps of one. */
function stepsOf(block: string): readonly Step[] {
  const document = parse(block) as readonly Step[] | { jobs: { release: { steps: readonly Step[] } } };
  return 'jobs' in document ? document.jobs.release.steps : document;
}

const readme = await readFile('actions/README.md', 'utf8');
const blocks = [...readme.matchAll(/```yaml\n(.*?)```/gs)].map(([, block = '']) => stepsOf(block));
const services = ['vault', 'aws', 'azure', 'gcp'];
const workflows = await Promise.all(services.map((name) => readFile(`actions/workflows/${name}.yml`, 'utf8')));

/** The steps of ours among some. */
const oursIn = (steps: readonly Step[]) =>
  steps.flatMap(({ uses = '', with: given = {} }) => {
    const [, name] = /^example\/notarykit-actions\/([a-z]+)@v1$/.exec(uses) ?? [];
    return name === undefined ? [] : [{ name, given }];
  });
const ours = oursIn([...blocks, ...workflows.map(stepsOf)].flat());

it.each(ours)(
  'a step of the README gives $name inputs that there are, and all that are required',
  async ({ name, given }) => {
    const { inputs } = await metadataOf(name);
    expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(given)));
    const required = Object.entries(inputs).filter(([, input]) => input.required === true);
    expect(Object.keys(given)).toEqual(expect.arrayContaining(required.map(([input]) => input)));
  },
);

it.each(services)('the workflow with keys of %s pushes by digest, signs, attaches, gates, and tags last', (service) => {
  const workflow = stepsOf(workflows[services.indexOf(service)] as string);
  const steps = workflow.map(({ uses = '', with: given = {} }) => {
    if (uses.startsWith('docker/build-push-action'))
      return String(given['outputs']).includes('push-by-digest=true') && 'push';
    const [{ name } = { name: '' }] = oursIn([{ uses, with: given }]);
    return name === 'sign' && 'files' in given ? 'attach' : name;
  });
  expect(steps.filter(Boolean)).toEqual(['push', 'sign', 'attach', 'attach', 'gate']);
  const tagging = workflow.filter(({ with: given = {} }) => 'tags' in given);
  expect(tagging.map(({ uses }) => uses)).toEqual(['example/notarykit-actions/gate@v1']);
  for (const { name, given } of oursIn(workflow))
    if (name === 'sign') expect(Object.keys(given).some((input) => input.startsWith(`${service}-`))).toBe(true);
});

it('the workflows differ only in their keys, and the README shows one of them', () => {
  const plain = (text: string): unknown =>
    stepsOf(text).map(({ with: given = {}, ...step }) => ({
      ...step,
      with: Object.entries(given).filter(([input]) => !/^(vault|aws|azure|gcp|certificate)-/.test(input)),
    }));
  expect(readme).toContain(`\`\`\`yaml\n${workflows[0]}\`\`\``);
  for (const workflow of workflows) expect(plain(workflow)).toEqual(plain(workflows[0] as string));
});

describe('refuses', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });
  const reference = `registry.test/net-monitor@sha256:${'0'.repeat(64)}`;
  const key = { 'vault-address': 'https://vault.test', 'vault-role': 'release', 'vault-key': 'build' };
  const self = { reference, 'trust-policy': 'README.md', 'trust-store': 'nowhere' };
  it.each([
    ['sign', { reference: 'registry.test/net-monitor:v1', ...key }, 'input "reference": name the artifact by digest'],
    ['sign', { reference: '', ...key }, 'input "reference": it is required'],
    ['sign', { reference: 'net-monitor', ...key }, 'input "reference": '],
    ['sign', { reference, ...key, format: 'pgp' }, 'input "format": expected "jws" or "cose"'],
    ['sign', { reference, ...key, expiry: '30' }, 'input "expiry": '],
    ['sign', { reference, ...key, expiry: '0d' }, 'input "expiry": '],
    ['sign', { reference, ...key, metadata: 'run' }, 'input "metadata": expected name=value'],
    ['sign', { reference, ...key, metadata: 'a=1\na=2' }, 'input "metadata": "a" is given twice'],
    ['sign', { reference, ...key, 'vault-role': '' }, 'input "vault-role": it is required'],
    ['sign', { reference, ...key, 'aws-key-id': 'k' }, 'input "aws-key-id": "vault-key" names the key already'],
    ['sign', { reference, ...key, 'aws-role': 'r' }, 'input "aws-role": it has no effect with "vault-key"'],
    ['sign', { reference }, 'one of them is required: it names the key that signs'],
    [
      'sign',
      { reference, 'gcp-key': 'k', 'gcp-workload-identity-provider': 'p' },
      'input "certificate-chain": it is required',
    ],
    ['sign', { reference, ...key, 'timestamp-url': 'http://tsa.test' }, 'input "timestamp-root-cert": it is required'],
    ['sign', { reference, ...key, 'timestamp-root-cert': 'README.md' }, 'input "timestamp-root-cert": '],
    ['sign', { reference, ...key, 'artifact-type': 'a/b' }, 'input "artifact-type": it has no effect without "files"'],
    ['sign', { reference, ...key, files: 'README.md' }, 'input "artifact-type": it is required'],
    ['sign', { reference, ...key, files: 'README.md', platforms: 'both' }, 'input "platforms": it has no effect'],
    ['sign', { reference, ...key, username: 'u' }, 'input "password": it is required with "username"'],
    ['sign', { reference, ...key, password: 'p' }, 'input "username": it is required with "password"'],
    [
      'sign',
      { reference, ...key, 'insecure-registry': 'yes' },
      'input "insecure-registry": expected "true" or "false"',
    ],
    ['sign', { reference, ...key, 'ca-file': 'none.pem' }, 'input "ca-file": "none.pem" cannot be read'],
    ['verify', self, 'input "trust-policy": "README.md": '],
    ['verify', { reference, 'trust-policy': 'none.json', 'trust-store': 's' }, '"none.json" cannot be read'],
    ['verify', { reference, 'trust-store': 's' }, 'input "trust-policy": it is required with "trust-store"'],
    ['verify', { ...self, 'revocation-addresses': 'all' }, 'input "revocation-addresses": expected'],
    ['gate', { ...self, tags: 'a b' }, 'input "tags": '],
    ['gate', { ...self, 'revoked-summaries': 'sha256:1' }, 'input "revoked-summaries": '],
    ['promote', { from: reference, to: reference }, 'input "to": name it by the tag that is set last'],
    [
      'promote',
      { from: 'registry.test/net-monitor', to: 'registry.test/production' },
      'input "to": name it by the tag',
    ],
  ] as const)('%s %j', async (name, inputs, hint) => {
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    for (const [input, value] of Object.entries(inputs)) vi.stubEnv(`INPUT_${input.toUpperCase()}`, value);
    const action = actions[name] as Action<string, string>;
    const run = action.run({ inputs: readInputs(), secrets: createSecrets() });
    await expect(run).rejects.toMatchObject({ code: 'ERR_ACTION_INPUT', message: expect.stringContaining(hint) });
  });
});
