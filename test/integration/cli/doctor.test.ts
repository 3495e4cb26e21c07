import { chmod, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAuthority, createEmbeddedRegistry, faults } from '@notarykit/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { setUpDesk } from '../../../examples/cli-session/src/session/desk.js';
import { runHere } from '../../support/run-here.js';

let desk: Awaited<ReturnType<typeof setUpDesk>>;
beforeAll(async () => {
  desk = await setUpDesk();
  for (const [name, value] of Object.entries(desk.env)) vi.stubEnv(name, value);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await desk.close();
});

/** What is not in order, by its area. */
async function problems(...registries: readonly string[]) {
  const { code, stdout } = await runHere(['doctor', '--json', ...registries]);
  const { findings } = JSON.parse(stdout) as {
    findings: { area: string; state: string; message: string; remedy?: string }[];
  };
  const bad = findings.filter(({ state }) => state !== 'fine');
  expect(code).toBe(bad.length === 0 ? 0 : 1);
  return { bad, findings };
}

const statement = [
  '--trust-store',
  'ca:wabbit-networks',
  '--trusted-identity',
  'x509.subject:C=US,ST=WA,O=Wabbit Networks',
];

it('says that there is no policy, and nothing once all is in order', async () => {
  expect((await problems()).bad).toMatchObject([
    { area: 'policy', state: 'error', remedy: expect.stringContaining('policy init') },
  ]);
  expect(await runHere(['policy', 'init', '--name', 'wabbit', ...statement])).toMatchObject({ code: 0 });
  const { bad, findings } = await problems(desk.host);
  expect(bad).toEqual([]);
  expect(findings.map(({ area }) => area)).toEqual(['policy', 'policy', 'keys', 'accounts', 'network', 'clock']);
  expect(findings.map(({ message }) => message)).toContain(`${desk.host}: account wabbit`);
  const { stdout, stderr } = await runHere(['doctor']);
  expect(stdout).toContain('fine    keys: "build" can sign until ');
  expect(stderr).toContain('are looked at for registries that are named');
});

it('a store that the policy names and that does not exist', async () => {
  expect(await runHere(['policy', 'change', 'wabbit', '--add-trust-store', 'ca:lost'])).toMatchObject({ code: 0 });
  expect((await problems()).bad).toMatchObject([{ area: 'policy', state: 'error' }]);
  expect(await runHere(['policy', 'change', 'wabbit', '--remove-trust-store', 'ca:lost'])).toMatchObject({ code: 0 });
});

it('a policy for files that is a link to nothing is there, and cannot be read', async () => {
  const path = join(String(desk.env['NOTATION_CONFIG']), 'trustpolicy.blob.json');
  await rename(path, `${path}.aside`);
  await symlink(`${path}.none`, path);
  expect((await problems()).bad).toMatchObject([{ area: 'policy', state: 'error', remedy: 'correct it' }]);
  await rm(path);
  await rename(`${path}.aside`, path);
});

it.skipIf(process.platform === 'win32')(
  'keys that others can read, that have ended, or that are not there',
  async () => {
    await chmod(join(desk.folder, 'key.pem'), 0o644);
    expect((await problems()).bad).toMatchObject([
      { area: 'keys', state: 'warning', remedy: expect.stringContaining('chmod 600') },
    ]);
    await chmod(join(desk.folder, 'key.pem'), 0o600);
    const { pem } = await (await createAuthority()).issueLeaf({
      notBefore: new Date('2020-01-01T00:00:00Z'),
      notAfter: new Date('2021-01-01T00:00:00Z'),
    });
    await writeFile(join(desk.folder, 'ended.pem'), pem);
    const path = join(desk.folder, 'key.pem');
    const keys = [
      { name: 'ended', keyPath: path, certPath: join(desk.folder, 'ended.pem') },
      { name: 'lost', keyPath: join(desk.folder, 'none.pem'), certPath: join(desk.folder, 'none.pem') },
    ];
    await writeFile(join(desk.folder, 'notation/signingkeys.json'), JSON.stringify({ keys }));
    const { bad } = await problems();
    expect(bad.map(({ message }) => message)).toEqual([
      expect.stringContaining('the certificate of "ended" ended 2021-01-01'),
      expect.stringContaining('none.pem'),
    ]);
    await writeFile(join(desk.folder, 'notation/signingkeys.json'), '{"default":"lost","keys":[]}');
    expect((await problems()).bad).toMatchObject([{ area: 'keys', state: 'error' }]);
    await writeFile(join(desk.folder, 'notation/signingkeys.json'), '{"keys":[]}');
  },
);

it('a registry that is out of reach, refuses the account, or has another time', async () => {
  const registry = createEmbeddedRegistry({ auth: { scheme: 'basic', accounts: [{ username: 'a', password: 'b' }] } });
  const { host } = await registry.listen();
  expect((await problems(host)).bad).toMatchObject([
    { area: 'network', state: 'error', code: 'ERR_REGISTRY_UNAUTHORIZED' },
  ]);
  registry.rule({ action: faults.header('Date', new Date(Date.now() + 3_600_000).toUTCString()) });
  expect((await problems(host)).bad).toMatchObject([
    { area: 'network' },
    { area: 'clock', state: 'warning', message: expect.stringContaining('behind') },
  ]);
  await registry.close();
  expect((await problems(host)).bad).toMatchObject([
    { area: 'network', state: 'error', remedy: expect.stringContaining('HTTPS_PROXY') },
  ]);
});

it('a helper that is not installed', async () => {
  await writeFile(join(desk.folder, 'config.json'), '{"credsStore":"lost"}');
  expect((await problems(desk.host)).bad).toMatchObject([{ area: 'accounts', state: 'error' }, { area: 'network' }]);
});
