import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packArtifact } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { createRegistry } from '@notarykit/registry-client';
import { createEmbeddedRegistry } from '@notarykit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bundle, bundle } from '../../support/bundle.js';
import { runHere } from '../../support/run-here.js';
import { runProgram } from '../../support/run-program.js';

const dev = { username: 'dev', password: 'staging-secret' };
const ops = { username: 'ops', password: 'production-secret' };
const home = process.cwd();
let tool: Bundle;
let desk: Awaited<ReturnType<typeof setUp>>;
beforeAll(async () => {
  [tool, desk] = await Promise.all([bundle('packages/cli/src/notarykit.ts'), setUp()]);
  process.chdir(desk.folder);
});
afterAll(async () => {
  process.chdir(home);
  await Promise.all([tool.remove(), desk.close()]);
});

/** Two registries with one account each, and a folder with files; docker knows the first account. */
async function setUp() {
  const folder = await mkdtemp(join(tmpdir(), 'notarykit-artifacts-'));
  const [first, second] = [dev, ops].map((account) =>
    createEmbeddedRegistry({ auth: { scheme: 'basic', accounts: [account] } }),
  ) as [ReturnType<typeof createEmbeddedRegistry>, ReturnType<typeof createEmbeddedRegistry>];
  const [{ host }, { host: other }] = await Promise.all([first.listen(), second.listen()]);
  const auth = Buffer.from(`${dev.username}:${dev.password}`).toString('base64');
  await mkdir(join(folder, 'docs/deep'), { recursive: true });
  const files = {
    'sbom.json': '{"version":"1"}',
    'a:b.txt': 'colon',
    'plain.txt': 'plain',
    'docs/deep/page.txt': 'page',
    'config.json': JSON.stringify({ auths: { [host]: { auth } } }),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const open = (registry: string, credentials: typeof dev) => createRegistry({ registry, credentials });
  return {
    folder,
    host,
    other,
    here: open(host, dev),
    there: open(other, ops),
    close: () => Promise.all([first.close(), second.close(), rm(folder, { recursive: true })]),
  };
}

type Environment = Readonly<Record<string, string>>;
/** In its own process where something comes on standard input. */
const run = (words: readonly string[], { env = {}, input }: { env?: Environment; input?: string } = {}) => {
  const all = { DOCKER_CONFIG: desk.folder, NOTATION_CONFIG: join(desk.folder, 'notation'), NO_COLOR: '1', ...env };
  return input === undefined
    ? runHere(words, all)
    : runProgram(tool.path, words, { cwd: desk.folder, env: all, input });
};
const json = async (...words: readonly string[]) => {
  const { code, stdout, stderr } = await run([...words, '--format', 'json']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
};
const nobody = { DOCKER_CONFIG: '/nowhere', DOCKER_AUTH_CONFIG: '{}' };

describe('push, pull, attach and discover', () => {
  it('files go there and come back, each under the name that it had', async () => {
    const image = `${desk.host}/files:v1,v2`;
    const files = ['sbom.json:application/json', 'docs', 'plain.txt:'];
    const pushed = await json('push', '--artifact-type', 'a/b', '-a', 'k=v', image, ...files);
    const { layers } = JSON.parse((await run(['manifest', 'fetch', `${desk.host}/files:v1`])).stdout);
    expect(pushed).toMatchObject({ artifactType: 'a/b', annotations: { k: 'v' } });
    expect(pushed.referenceAsTags).toEqual([`${desk.host}/files:v1`, `${desk.host}/files:v2`]);
    expect(layers.map(({ mediaType }: { mediaType: string }) => mediaType)).toEqual([
      'application/json',
      'application/vnd.oci.image.layer.v1.tar+gzip',
      'application/vnd.oci.image.layer.v1.tar',
    ]);
    // No system but Unix has a file of such a name: what is pushed can be pulled everywhere.
    expect(await run(['push', `${desk.host}/files:v3`, 'a:b.txt:'])).toMatchObject({ code: 3, stdout: '' });
  });

  it('a pull writes complete files, and replaces old ones unless --keep-old-files is set', async () => {
    const image = `${desk.host}/pulled:v1`;
    expect(await run(['push', image, 'sbom.json', 'docs'])).toMatchObject({ code: 0 });
    const { files } = await json('pull', '-o', 'out', image);
    expect(files.map(({ path }: { path: string }) => path)).toEqual(
      ['sbom.json', 'docs'].map((name) => join(desk.folder, 'out', name)),
    );
    expect(await readFile(join(desk.folder, 'out/docs/deep/page.txt'), 'utf8')).toBe('page');
    await writeFile(join(desk.folder, 'out/sbom.json'), 'old');
    expect(await run(['pull', '-k', '-o', 'out', image])).toMatchObject({ code: 3 });
    expect(await readFile(join(desk.folder, 'out/sbom.json'), 'utf8')).toBe('old');
    expect(await run(['pull', '-o', 'out', image])).toMatchObject({ code: 0 });
    expect(await readFile(join(desk.folder, 'out/sbom.json'), 'utf8')).toBe('{"version":"1"}');
  });

  it.each(['../escape.txt', '/tmp/escape.txt', 'a/../../escape.txt', '.git/hooks/pre-commit', 'a\\..\\..\\escape.txt'])(
    'a title such as %s cannot leave the folder',
    async (title) => {
      const layers = [
        {
          mediaType: 'text/plain',
          content: utf8('fine'),
          annotations: { 'org.opencontainers.image.title': 'fine.txt' },
        },
        { mediaType: 'text/plain', content: utf8('evil'), annotations: { 'org.opencontainers.image.title': title } },
      ];
      const { descriptor } = await packArtifact(desk.here.repository('evil'), { artifactType: 'a/b', layers });
      const pulled = await run(['pull', '-o', 'safe', `${desk.host}/evil@${descriptor.digest}`]);
      expect(pulled).toMatchObject({ code: 3, stdout: '' });
      expect(await readdir(desk.folder)).not.toContain('safe');
    },
  );

  it('a layer without a name is left out, and that is said', async () => {
    const layers = [{ mediaType: 'text/plain', content: utf8('nameless') }];
    await packArtifact(desk.here.repository('nameless'), { artifactType: 'a/b', layers, tags: ['v1'] });
    const { code, stderr } = await run(['pull', '-o', 'out', `${desk.host}/nameless:v1`]);
    expect(code).toBe(0);
    expect(stderr).toContain('1 of 1 layers have no name');
  });

  it('discovers what is attached, and copies all of it into a layout', async () => {
    const layout = ['--oci-layout', 'layout:v1'];
    expect(await run(['push', '--export-manifest', 'm.json', ...layout, 'sbom.json'])).toMatchObject({ code: 0 });
    const attached = await json('attach', '--artifact-type', 'sbom/example', ...layout, 'sbom.json:application/json');
    const found = await json('discover', ...layout);
    expect(found.referrers).toMatchObject([{ digest: attached.digest, artifactType: 'sbom/example', referrers: [] }]);
    const digest = `sha256:${createHash('sha256')
      .update(await readFile(join(desk.folder, 'm.json')))
      .digest('hex')}`;
    expect(found.digest).toBe(digest);
    expect((await run(['discover', '--format', 'tree', ...layout])).stdout).toContain(
      `└── sbom/example ${attached.digest}`,
    );
    expect((await json('discover', '--artifact-type', 'other/type', ...layout)).referrers).toEqual([]);
    expect((await run(['resolve', ...layout])).stdout).toBe(`${digest}\n`);
  });

  it('a pull of an index requires a platform', async () => {
    const repository = desk.here.repository('platforms');
    const images = await Promise.all(
      ['amd64', 'arm64'].map((architecture) =>
        packArtifact(repository, { artifactType: 'a/b', annotations: { architecture } }),
      ),
    );
    const manifests = images.map(({ descriptor: { mediaType, digest, size } }, i) => ({
      mediaType,
      digest,
      size,
      platform: { os: 'linux', architecture: ['amd64', 'arm64'][i] },
    }));
    const mediaType = 'application/vnd.oci.image.index.v1+json';
    await writeFile(join(desk.folder, 'index.json'), JSON.stringify({ schemaVersion: 2, mediaType, manifests }));
    const image = `${desk.host}/platforms:v1`;
    expect(await run(['manifest', 'push', image, 'index.json'])).toMatchObject({ code: 0 });
    const arm = ['--platform', 'linux/arm64', image];
    expect((await run(['resolve', ...arm])).stdout).toBe(`${manifests[1]?.digest}\n`);
    expect(await json('manifest', 'fetch', '--descriptor', ...arm)).toMatchObject({ digest: manifests[1]?.digest });
    expect(await run(['resolve', '--platform', 'linux/s390x', image])).toMatchObject({ code: 2 });
    expect((await run(['pull', image])).stderr).toContain('--platform');
    expect(await run(['attach', '--artifact-type', 'a/b', '-a', 'k=v', ...arm])).toMatchObject({ code: 0 });
    expect((await json('discover', ...arm)).referrers).toHaveLength(1);
  });
});

describe('manifests, tags and repositories', () => {
  it('a manifest is printed byte for byte, pushed, tagged and deleted', async () => {
    const image = `${desk.host}/manifests:v1`;
    const { digest } = await json('push', image, 'sbom.json');
    const { stdout } = await run(['manifest', 'fetch', image]);
    expect(`sha256:${createHash('sha256').update(stdout).digest('hex')}`).toBe(digest);
    expect(await run(['manifest', 'push', `${desk.host}/manifests:v2,v3`, '-'], { input: stdout })).toMatchObject({
      code: 0,
    });
    expect(await run(['tag-update', `${desk.host}/manifests@${digest}`, 'v4'])).toMatchObject({ code: 0 });
    expect(await json('repo', 'tags', `${desk.host}/manifests@${digest}`)).toEqual({ tags: ['v1', 'v2', 'v3', 'v4'] });
    expect(await json('repo', 'tags', '--last', 'v2', `${desk.host}/manifests`)).toEqual({ tags: ['v3', 'v4'] });
    expect(await run(['manifest', 'delete', image], { input: '' })).toMatchObject({ code: 2, stdout: '' });
    expect(await run(['manifest', 'delete', '-f', image])).toMatchObject({ code: 0 });
    expect(await run(['manifest', 'delete', '-f', image])).toMatchObject({ code: 0, stdout: `missing ${image}\n` });
    expect(await run(['manifest', 'fetch', image])).toMatchObject({ code: 3, stdout: '' });
  });

  it.each([
    ['{"a":1}', [], 'states no media type'],
    ['{"mediaType":"text/plain"}', [], 'is not the media type of a manifest'],
    ['{"mediaType":"application/vnd.oci.image.manifest.v1+json"}', [], 'schemaVersion'],
  ])('%s is not a manifest', async (input, more, hint) => {
    const { code, stdout, stderr } = await run(['manifest', 'push', ...more, `${desk.host}/none:v1`, '-'], { input });
    expect({ failed: code > 0, stdout }).toEqual({ failed: true, stdout: '' });
    expect(stderr).toContain(hint);
  });

  it('repositories are listed, below a namespace without it', async () => {
    expect(await run(['push', `${desk.host}/names/one:v1`, 'sbom.json'])).toMatchObject({ code: 0 });
    expect(await run(['push', `${desk.host}/names/two:v1`, 'sbom.json'])).toMatchObject({ code: 0 });
    expect((await json('repo', 'ls', desk.host)).repositories).toEqual(
      expect.arrayContaining(['names/one', 'names/two']),
    );
    expect((await run(['repo', 'ls', `${desk.host}/names`])).stdout).toBe('one\ntwo\n');
    expect(await run(['repo', 'ls', '--last', 'names/one', `${desk.host}/names`])).toMatchObject({ stdout: 'two\n' });
    expect(await run(['repo', 'ls', `https://${desk.host}`])).toMatchObject({ code: 2 });
  });
});

describe('accounts on the command line', () => {
  it('a name and a password, from the line, from standard input or from the environment', async () => {
    const image = `${desk.other}/accounts:v1`;
    const env = nobody;
    expect(await run(['push', image, 'sbom.json'], { env })).toMatchObject({ code: 3, stdout: '' });
    expect(await run(['push', '-u', ops.username, '-p', ops.password, image, 'sbom.json'], { env })).toMatchObject({
      code: 0,
    });
    const stdin = ['resolve', '--username', ops.username, '--password-stdin', image];
    expect(await run(stdin, { env, input: `${ops.password}\n` })).toMatchObject({ code: 0 });
    const account = { NOTATION_USERNAME: ops.username, NOTATION_PASSWORD: ops.password };
    expect(await run(['resolve', image], { env: { ...env, ...account } })).toMatchObject({ code: 0 });
    const wrong = await run(['resolve', '-p', 'wrong-secret', image], { env: { ...env, ...account } });
    expect(wrong.code).toBe(3);
    expect(wrong.stderr).not.toContain('secret');
  });

  it('COPY_ACCOUNT a copy has an account for each side, and ignores the environment', async () => {
    const [from, to] = [`${desk.host}/sides:v1`, `${desk.other}/sides:v1,latest`];
    expect(await run(['push', from, 'sbom.json'])).toMatchObject({ code: 0 });
    expect(await run(['attach', '--artifact-type', 'a/b', from, 'sbom.json'])).toMatchObject({ code: 0 });
    const account = { NOTATION_USERNAME: ops.username, NOTATION_PASSWORD: ops.password };
    expect(await run(['cp', '-r', from, to], { env: account })).toMatchObject({ code: 3, stdout: '' });
    const auth = (one: typeof dev): string => Buffer.from(`${one.username}:${one.password}`).toString('base64');
    const auths = { [desk.host]: { auth: auth(dev) }, [desk.other]: { auth: auth(ops) } };
    const stored = { ...account, DOCKER_AUTH_CONFIG: JSON.stringify({ auths }) };
    expect(await run(['cp', '-r', from, `${desk.other}/sides:stored`], { env: stored })).toMatchObject({ code: 0 });
    const toOps = ['--to-username', ops.username, '--to-password-stdin'];
    expect(await run(['cp', '-r', ...toOps, from, to], { input: ops.password })).toMatchObject({ code: 0 });
    const repository = desk.there.repository('sides');
    const subject = await repository.resolve('latest');
    expect((await repository.resolve('v1')).digest).toBe(subject.digest);
    expect(await collect(repository.referrers(subject))).toHaveLength(1);
    const fromDev = ['--from-username', dev.username, '--from-password', dev.password];
    const both = await run(['copy', ...fromDev, ...toOps, from, to], { env: nobody, input: ops.password });
    expect(both).toMatchObject({ code: 0 });
  });

  it.each([
    [['resolve', '-u', 'dev', '-p', '-s3cret', 'a.test/b:v1'], '--password: the value looks like an option'],
    [['resolve', '-u', 'dev', '-p', 'one', '--password-stdin', 'a.test/b:v1'], 'only one of'],
    [['resolve', '--oci-layout', '-u', 'dev', 'a:v1'], '--username has no effect'],
    [['resolve', '--cert-file', 'c.pem', 'a.test/b:v1'], 'belong together'],
    [['pull', '--oci-layout', '--cert-file', 'c.pem', 'a:v1'], '--cert-file has no effect'],
    [['copy', '--from-password-stdin', '--to-password-stdin', 'a.test/b:v1', 'b.test/b:v1'], 'one password'],
    [['copy', '--to-oci-layout', '--to-username', 'x', 'a.test/b:v1', 'b:v1'], '--to-username has no effect'],
    [['copy', '--to-oci-layout', '--to-plain-http', 'a.test/b:v1', 'b:v1'], '--to-plain-http has no effect'],
    [['copy', '--from-resolve', 'a', 'a.test/b:v1', 'b.test/b:v1'], '--from-resolve: expected host:port:address'],
    [['attach', 'a.test/b:v1', 'sbom.json'], '--artifact-type is needed'],
    [['attach', '--artifact-type', 'a/b', 'a.test/b:v1'], '--annotation'],
    [['push', 'a.test/b:v1,bad tag', 'sbom.json'], 'bad tag'],
    [['resolve', '--format', 'tree', 'a.test/b:v1'], 'expected text or json'],
    [['resolve', '--format', 'yaml', 'a.test/b:v1'], 'Allowed choices are text, json, html, tree\n'],
    [['resolve', '--format', 'text', '--json', 'a.test/b:v1'], 'only one of --json and --format'],
    [['manifest', 'fetch', '--descriptor', '-o', 'm', 'a.test/b:v1'], 'only one of --output and --descriptor'],
  ])('SECRET_OPTION %j', async (words, hint) => {
    const { code, stdout, stderr } = await runHere(words);
    expect(code).toBe(2);
    expect(`${stdout}${stderr}`).toContain(hint);
    expect(`${stdout}${stderr}`).not.toContain('s3cret');
  });

  it('COPY_SCOPE what comes from a layout is verified under a scope that is named', async () => {
    const { code, stderr } = await runHere(['copy', '--verify', '--from-oci-layout', 'a:v1', 'a.test/b:v1']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--from-oci-layout needs --scope')]);
  });
});

async function collect<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
