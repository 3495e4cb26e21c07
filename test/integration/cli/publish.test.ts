import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRegistry } from '@notarykit/registry-client';
import { createEmbeddedRegistry } from '@notarykit/testing';
import { discover } from 'notarykit';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { account, setUpDesk } from '../../../examples/cli-session/src/session/desk.js';
import { runHere } from '../../support/run-here.js';

const signature = 'application/vnd.cncf.notary.signature';
const home = process.cwd();
let desk: Awaited<ReturnType<typeof setUpDesk>>;
beforeAll(async () => {
  desk = await setUpDesk();
  for (const [name, value] of Object.entries(desk.env)) vi.stubEnv(name, value);
  process.chdir(desk.folder);
  await writeFile('app.bin', 'app');
});
afterAll(async () => {
  process.chdir(home);
  vi.unstubAllEnvs();
  await desk.close();
});

/** Types of what refers to an artifact, each with how much refers to that. */
async function referrersOf(name: string): Promise<readonly (readonly [string | undefined, number])[]> {
  const { referrers } = await discover(desk.repository, name);
  return referrers.map(({ descriptor, referrers: own }) => [descriptor.artifactType, own.length]);
}

const tags = async (): Promise<readonly string[]> => {
  const all: string[] = [];
  for await (const tag of desk.repository.tags()) all.push(tag);
  return all;
};

it('files become an artifact that is signed, with what is attached and signed, and is tagged last', async () => {
  const attach = ['--attach', `sbom/example=${join(desk.folder, 'sbom.json')}:application/json`];
  const image = `${desk.host}/net-monitor:p1,p2`;
  const words = ['publish', '--json', '--artifact-type', 'a/b', ...attach, '--tag', 'p3', image, 'app.bin'];
  const { code, stdout } = await runHere(words);
  expect(code).toBe(0);
  const { digest } = JSON.parse(stdout);
  for (const tag of ['p1', 'p2', 'p3']) expect((await desk.repository.resolve(tag)).digest).toBe(digest);
  expect(await referrersOf('p1')).toEqual(
    expect.arrayContaining([
      [signature, 0],
      ['sbom/example', 1],
    ]),
  );
});

it('an image that was pushed by its digest gets its tags once it is signed', async () => {
  const { digest } = await desk.repository.resolve('v1');
  const image = `${desk.host}/net-monitor@${digest}`;
  expect(await runHere(['publish', '--tag', 'by-digest', image])).toMatchObject({ code: 0 });
  expect(await referrersOf('by-digest')).toEqual([[signature, 0]]);
  const moved = await runHere(['publish', '--tag', 'by-digest', '--if-match', 'none', image]);
  expect(moved).toMatchObject({ code: 3, stdout: '' });
});

it('without a key no tag is set', async () => {
  const image = `${desk.host}/net-monitor:keyless`;
  const { code } = await runHere(['publish', '--artifact-type', 'a/b', '--key', 'lost', image, 'app.bin']);
  expect(code).toBe(2);
  expect(await tags()).not.toContain('keyless');
});

it.each([
  [['publish', 'a.test/b:v1'], 'the digest of an image'],
  [['publish', 'a.test/b', 'app.bin'], 'at least one tag'],
  [
    ['publish', '--tag', 'v1', '--artifact-type', 'a/b', `a.test/b@sha256:${'0'.repeat(64)}`],
    '--artifact-type has no effect',
  ],
  [['publish', '--attach', 'sbom.json', 'a.test/b:v1', 'app.bin'], '--attach: expected artifact-type=path:type'],
])('%j', async (words, hint) => {
  const { code, stdout, stderr } = await runHere(words);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(hint);
});

it('a promotion has an account for each side', async () => {
  const ops = { username: 'ops', password: 'production-secret' };
  const registry = createEmbeddedRegistry({ auth: { scheme: 'basic', accounts: [ops] } });
  const { host } = await registry.listen();
  const identity = 'x509.subject:C=US,ST=WA,O=Wabbit Networks';
  const trust = ['--trust-store', 'ca:wabbit-networks', '--trusted-identity', identity];
  expect(await runHere(['policy', 'init', '--name', 'wabbit-networks', ...trust])).toMatchObject({ code: 0 });
  const sides = [`${desk.host}/net-monitor:by-digest`, `${host}/net-monitor:v1`];
  const words = ['promote', '--json', '--gate-policy', 'gate.yaml', ...sides];
  expect(await runHere(words)).toMatchObject({ code: 3 });
  const account = ['--to-username', ops.username, '--to-password', ops.password];
  const { code, stdout } = await runHere([...words, ...account]);
  expect(code).toBe(0);
  const production = createRegistry({ registry: host, credentials: ops }).repository('net-monitor');
  expect((await production.resolve('v1')).digest).toBe(JSON.parse(stdout).digest);
  await registry.close();
});

it('the lines of the origin are understood as they stand', async () => {
  const image = `${desk.host}/net-monitor:v1`;
  vi.stubEnv('DOCKER_CONFIG', join(desk.folder, 'nobody'));
  const named = ['-u', account.username, '-p', account.password];
  const lines = [
    ['sign', ...named, image],
    ['sign', ...named, '--file', 'sbom.json:application/json', '--subject', image, '--artifact-type', 'sbom/example'],
    ['sign', ...named, '--file', 'app.bin', '--subject', image],
    ['tag-update', ...named, image, 'origin'],
  ];
  for (const words of lines) expect((await runHere(words)).stderr).not.toContain('error');
  expect(await referrersOf('origin')).toEqual(
    expect.arrayContaining([
      ['sbom/example', 1],
      ['application/vnd.unknown.artifact.v1', 1],
    ]),
  );
});
