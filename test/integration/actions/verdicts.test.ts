import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { utf8 } from '@notarykit/common';
import type { Descriptor } from '@notarykit/oci';
import { sign, signFile } from 'notarykit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { Action } from '../../../actions/src/action/action.js';
import { readInputs } from '../../../actions/src/action/inputs.js';
import { createSecrets } from '../../../actions/src/action/secrets.js';
import { gateAction } from '../../../actions/src/gate/action.js';
import { verifyAction } from '../../../actions/src/verify/action.js';
import { accountInputs, setUpWorkspace, trustFiles } from '../../support/actions/workspace.js';

let workspace: Awaited<ReturnType<typeof setUpWorkspace>>;
beforeAll(async () => {
  workspace = await setUpWorkspace();
});
afterAll(() => workspace.close());
beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const at = (name: string): string => join(workspace.folder, name);

/** What an action concludes, run in this process. */
function conclude(action: Action<string, string>, inputs: Readonly<Record<string, string>>) {
  const trust = Object.fromEntries(Object.entries(trustFiles).map(([name, path]) => [name, at(path)]));
  const all = { ...accountInputs, ...trust, ...inputs };
  for (const [name, value] of Object.entries(all)) vi.stubEnv(`INPUT_${name.toUpperCase()}`, value);
  return action.run({ inputs: readInputs(), secrets: createSecrets() });
}

/** An image that `build` signed. */
async function signed(content: string): Promise<{ readonly reference: string; readonly descriptor: Descriptor }> {
  const image = await workspace.push(content);
  await sign(workspace.repository('net-monitor'), image.descriptor, { signer: workspace.build });
  return image;
}

const tagOf = (tag: string) =>
  workspace
    .repository('net-monitor')
    .resolve(tag)
    .then(({ digest }) => digest)
    .catch(() => undefined);

it('passes what is trusted, and gives its digest', async () => {
  const { reference, descriptor } = await signed('trusted');
  const { passed, outputs } = await conclude(verifyAction, { reference });
  expect({ passed, outputs }).toEqual({ passed: true, outputs: { verdict: 'trusted', digest: descriptor.digest } });
});

it('what the policy skips does not pass, and has no digest to go on with', async () => {
  const { reference } = await workspace.push('skipped', 'skipped');
  const { passed, outputs } = await conclude(verifyAction, { reference });
  expect({ passed, outputs }).toEqual({ passed: false, outputs: { verdict: 'skipped' } });
});

it('metadata that is not signed does not pass', async () => {
  const { reference } = await signed('metadata');
  const { passed, outputs } = await conclude(verifyAction, { reference, metadata: 'run=8' });
  expect({ passed, outputs }).toEqual({ passed: false, outputs: { verdict: 'refused' } });
});

it('warns of a trust store that others can write', async () => {
  const store = at(join(trustFiles['trust-store'], 'x509/ca/lab'));
  const { reference } = await signed('store');
  const write = vi.mocked(process.stdout.write);
  await chmod(store, 0o777);
  await conclude(verifyAction, { reference });
  await chmod(store, 0o755);
  expect(write.mock.calls.join('')).toMatch(/::warning title=trust store::.*x509\/ca\/lab/);
});

const policy = (blocks: object): string =>
  JSON.stringify({
    version: '1.0',
    name: 'release',
    signers: { build: { trustPolicy: 'build' } },
    image: { signedBy: ['build'] },
    ...blocks,
  });

it('what may not be deployed does not pass, and is not tagged', async () => {
  await writeFile(at('sbom.json'), policy({ sbom: { signedBy: ['build'] } }));
  const { reference } = await signed('without an SBOM');
  const { passed, outputs } = await conclude(gateAction, {
    reference,
    tags: 'refused',
    'gate-policy': at('sbom.json'),
  });
  expect({ passed, outputs }).toEqual({ passed: false, outputs: { verdict: 'deny' } });
  expect(await tagOf('refused')).toBeUndefined();
});

it('a tag that moved meanwhile changes nothing: what was decided about is tagged', async () => {
  await writeFile(at('image.json'), policy({}));
  const { reference, descriptor } = await signed('decided');
  const other = await workspace.push('other');
  await workspace.repository('net-monitor').tag(other.descriptor, 'latest');
  const gated = await conclude(gateAction, { reference, tags: 'latest', 'gate-policy': at('image.json') });
  expect(gated.passed).toBe(true);
  expect(await tagOf('latest')).toBe(descriptor.digest);
});

it('the gate holds a build against the base images that were verified', async () => {
  await writeFile(at('bases.json'), policy({ provenance: { signedBy: ['build'], baseImages: 'verified' } }));
  const { reference, descriptor } = await signed('built');
  const base = `sha256:${'b'.repeat(64)}`;
  await attachProvenance(descriptor, base);
  const gate = (more: object) => conclude(gateAction, { reference, 'gate-policy': at('bases.json'), ...more });
  expect((await gate({})).outputs).toEqual({ verdict: 'deny' });
  await writeFile(at('digests.json'), JSON.stringify([base]));
  expect(await gate({ 'base-images': at('digests.json') })).toMatchObject({ passed: true });
});

it.each([
  ['[1]', 'bases.json'],
  ['["sha256:1"]', 'bases.json'],
  ['{}', 'bases.json'],
  [`["sha256:${'b'.repeat(64)}"]`, 'image.json'],
])('base images %s under %s are refused: they would count for nothing', async (digests, name) => {
  await writeFile(at('bases.json'), policy({ provenance: { signedBy: ['build'], baseImages: 'verified' } }));
  await writeFile(at('image.json'), policy({}));
  await writeFile(at('wrong.json'), digests);
  const reference = `${workspace.host}/net-monitor:none`;
  const inputs = { reference, 'gate-policy': at(name), 'base-images': at('wrong.json') };
  await expect(conclude(gateAction, inputs)).rejects.toMatchObject({
    code: 'ERR_ACTION_INPUT',
    message: expect.stringContaining('input "base-images": '),
  });
});

/** A signed statement of SLSA that names the image that another one was built upon. */
async function attachProvenance(image: Descriptor, base: string): Promise<void> {
  const sha256 = (digest: string): object => ({ sha256: digest.slice('sha256:'.length) });
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'net-monitor', digest: sha256(image.digest) }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'https://builds.test/docker',
        externalParameters: {},
        resolvedDependencies: [{ uri: 'pkg:docker/team/base@1', digest: sha256(base) }],
      },
      runDetails: { builder: { id: 'https://builds.test/1' } },
    },
  };
  const artifactType = 'application/vnd.in-toto+json';
  const content = utf8(JSON.stringify(statement));
  await signFile(workspace.repository('net-monitor'), {
    files: [{ name: 'provenance.json', mediaType: artifactType, content }],
    subject: image,
    artifactType,
    signer: workspace.build,
  });
}
