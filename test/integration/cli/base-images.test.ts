import { link, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packArtifact } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { mediaTypes } from '@notarykit/oci';
import { sign, signFile } from 'notarykit';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { runTool } from '../../support/abilities/command-line.js';
import { anySigner } from '../../support/abilities/rows/verbs.js';
import { createSetup, type Setup } from '../../support/abilities/setup.js';

const gatePolicy = {
  version: '1.0',
  name: 'production',
  signers: { build: { trustPolicy: 'any' } },
  image: { signedBy: ['build'] },
  provenance: { signedBy: ['build'], baseImages: 'verified' },
  output: { promote: { signWith: 'build' } },
};

let setup: Setup;
let built: string;
beforeAll(async () => {
  setup = await createSetup();
  built = await buildImage(setup, 'built', setup.images.once.digest);
  await packArtifact(setup.repository, { artifactType: 'a/b', tags: ['unsigned'] });
  await write('gate.json', JSON.stringify(gatePolicy));
  await write('any.json', JSON.stringify({ ...gatePolicy, provenance: undefined }));
});
afterAll(() => setup.close());
beforeEach(() => write('Dockerfile', `ARG TAG\nFROM ${setup.repository.name}:\${TAG}\nCOPY a /\n`));

const at = (name: string): string => join(setup.folder, name);
const write = (name: string, text: string): Promise<void> => writeFile(at(name), text);
const run = (...words: string[]) => runTool(setup, anySigner, ...words);
const baseImages = (tag: string, ...more: string[]) =>
  run('base-images', '--build-arg', `TAG=${tag}`, ...more, at('Dockerfile'));
const gate = (...more: string[]) => run('gate', '--gate-policy', at('gate.json'), ...more, built);

/** A signed image whose signed provenance names the image that it was built upon. */
async function buildImage({ repository, vendor }: Setup, tag: string, base: string): Promise<string> {
  const { descriptor } = await packArtifact(repository, {
    config: { mediaType: mediaTypes.imageConfig, content: utf8('{"os":"linux","architecture":"amd64"}') },
    layers: [{ mediaType: mediaTypes.imageLayerGzip, content: utf8(tag) }],
    tags: [tag],
  });
  const sha256 = (digest: string): object => ({ sha256: digest.slice('sha256:'.length) });
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: tag, digest: sha256(descriptor.digest) }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'https://builds.test/docker',
        externalParameters: {},
        resolvedDependencies: [{ uri: 'pkg:docker/team/app@once', digest: sha256(base) }],
      },
      runDetails: { builder: { id: 'https://builds.test/1' } },
    },
  };
  await sign(repository, descriptor, { signer: vendor });
  await signFile(repository, {
    files: [
      {
        name: 'provenance.json',
        mediaType: 'application/vnd.in-toto+json',
        content: utf8(JSON.stringify(statement)),
      },
    ],
    subject: descriptor,
    artifactType: 'application/vnd.in-toto+json',
    signer: vendor,
  });
  return `${repository.name}:${tag}`;
}

it('verified digests are pinned, and the gate compares the build with them', async () => {
  const outputs = { 'pinned-dockerfile': 'pinned', 'source-policy': 'policy.json', digests: 'digests.json' };
  const options = Object.entries(outputs).flatMap(([option, name]) => [`--${option}`, at(name)]);
  expect(await baseImages('once', ...options)).toMatchObject({ code: 0 });
  const { digest } = setup.images.once;
  const name = `${setup.repository.name}:once`;
  // The argument stays: it no longer says which image is used.
  expect(await readFile(at('pinned'), 'utf8')).toBe(`ARG TAG\nFROM ${name}@${digest}\nCOPY a /\n`);
  const { rules } = JSON.parse(await readFile(at('policy.json'), 'utf8')) as { rules: object[] };
  expect(rules).toContainEqual({
    action: 'CONVERT',
    selector: { identifier: `docker-image://${name}` },
    updates: { identifier: `docker-image://${name}@${digest}` },
  });
  expect(JSON.parse(await readFile(at('digests.json'), 'utf8'))).toEqual([digest]);
  expect(await gate('--base-images', at('digests.json'))).toMatchObject({ code: 0 });
  expect(await gate('--base-image', digest)).toMatchObject({ code: 0 });
});

it('the gate refuses a build upon anything that was not verified', async () => {
  for (const more of [[], ['--base-image', setup.images.both.digest]]) {
    const { code, text } = await gate(...more);
    expect({ code, text }).toEqual({ code: 1, text: expect.stringContaining('PROVENANCE_BASE_IMAGE') });
  }
});

it('a promotion compares the build with the verified images, too', async () => {
  const { name } = setup.empty();
  const promote = (...more: string[]) => run('promote', '--gate-policy', at('gate.json'), ...more, built, `${name}:v1`);
  const refused = await promote();
  expect(refused).toEqual({ code: 1, text: expect.stringContaining('PROVENANCE_BASE_IMAGE') });
  expect(await promote('--base-image', setup.images.once.digest)).toMatchObject({ code: 0 });
});

it('what is not trusted is not written down', async () => {
  const { code, text } = await baseImages('unsigned', '--digests', at('unsigned.json'));
  expect({ code, text }).toEqual({ code: 1, text: expect.stringContaining('line 2') });
  expect(await readdir(setup.folder)).not.toContain('unsigned.json');
});

it('an image that cannot be found is undecided, not refused', async () => {
  expect(await baseImages('absent')).toMatchObject({ code: 3 });
});

it('existing files stay, and no other file is written', async () => {
  await write('there', 'kept');
  const outputs = ['--digests', at('new.json'), '--source-policy', at('there')];
  expect(await baseImages('once', ...outputs)).toMatchObject({ code: 3 });
  expect(await readFile(at('there'), 'utf8')).toBe('kept');
  expect(await readdir(setup.folder)).not.toContain('new.json');
  await link(at('there'), at('opened'));
  expect(await baseImages('once', '--force', ...outputs)).toMatchObject({ code: 0 });
  expect(await readFile(at('there'), 'utf8')).toContain('DENY');
  // It was exchanged whole: who has the old file open reads on in it.
  expect(await readFile(at('opened'), 'utf8')).toBe('kept');
});

it('one file for two options is refused, with --force too', async () => {
  const outputs = ['--digests', at('same.json'), '--source-policy', `${setup.folder}/none/../same.json`];
  const { code, text } = await baseImages('once', '--force', ...outputs);
  expect({ code, text }).toEqual({ code: 2, text: expect.stringContaining('--source-policy and --digests') });
  expect(await readdir(setup.folder)).not.toContain('same.json');
});

it('a link is written through with --force, since it is not to be replaced', async () => {
  await write('led-to', 'old');
  await symlink(at('led-to'), at('link'));
  expect(await baseImages('once', '--force', '--digests', at('link'))).toMatchObject({ code: 0 });
  expect(JSON.parse(await readFile(at('led-to'), 'utf8'))).toEqual([setup.images.once.digest]);
});

it.each([
  ['{}', 'a JSON array'],
  ['[1]', 'digests'],
  ['["sha256:1"]', '64 lower-case hex digits'],
])('a file that is not a list of digests is refused: %s', async (content, message) => {
  await write('broken.json', content);
  const { code, text } = await gate('--base-images', at('broken.json'));
  expect({ code, text }).toEqual({ code: 3, text: expect.stringMatching(message) });
});

it.each([
  ['--base-image', `sha256:${'1'.repeat(64)}`],
  ['--base-images', 'digests.json'],
])('BASE_IMAGE_OPTION %s is refused where the policy does not ask for it', async (...option) => {
  const { code, text } = await run('gate', '--gate-policy', at('any.json'), ...option, built);
  expect({ code, text }).toEqual({ code: 2, text: expect.stringContaining('has no effect') });
});
