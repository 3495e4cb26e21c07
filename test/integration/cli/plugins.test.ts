import { createHash } from 'node:crypto';
import { lstat, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority } from '@notarykit/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Member, tarGz, zip } from '../../support/archives.js';
import { runHere } from '../../support/run-here.js';
import { runProgram } from '../../support/run-program.js';
import { issueTlsCertificate } from '../../support/tls-certificate.js';
import { cliTool } from './desk.js';

const tool = cliTool();
let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'notarykit-cli-plugins-')));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const run = (words: readonly string[], input = '') =>
  runProgram(tool.path, ['plugin', ...words], { cwd: folder, input, env: { NOTATION_CONFIG: folder, NO_COLOR: '1' } });

/** A plugin that only says who it is. */
function program(name: string, version = '1.0.0', more: object = {}): string {
  const metadata = {
    name,
    description: 'made for tests',
    version,
    url: 'https://wabbit.test',
    supportedContractVersions: ['1.0'],
    capabilities: ['SIGNATURE_GENERATOR.RAW'],
    ...more,
  };
  return `#!${process.execPath}\nconsole.log(${JSON.stringify(JSON.stringify(metadata))});\n`;
}
const lab = (version?: string): Member => ({ name: 'notation-lab', content: program('lab', version), mode: 0o755 });
const license: Member = { name: 'LICENSE', content: 'free' };

/** In this process, which is cheap. */
function here(words: readonly string[]) {
  vi.stubEnv('NOTATION_CONFIG', folder);
  return runHere(['plugin', ...words]);
}
async function install(bytes: Uint8Array | string, ...options: string[]) {
  await writeFile(join(folder, 'source'), bytes);
  return await here(['install', '--file', ...options, join(folder, 'source')]);
}
const installed = (): Promise<string[]> => readdir(join(folder, 'plugins', 'lab'));
const mode = async (name: string): Promise<number> => (await stat(join(folder, 'plugins/lab', name))).mode & 0o777;
const refused = { code: 3, stdout: '' };

describe('plugin install', () => {
  it.each([
    ['tar.gz', tarGz([{ ...lab(), mode: 0o777 }, license])],
    ['zip', zip([{ ...lab(), mode: 0o777 }, license])],
    ['zip of a system without permissions', zip([lab(), license], { unix: false })],
    ['tar.gz without the permission to execute', tarGz([{ ...lab(), mode: 0o600 }, license])],
  ])('%s', async (_, bytes) => {
    expect(await install(bytes)).toMatchObject({
      code: 0,
      stderr: '',
      stdout: 'installed the plugin lab, version 1.0.0\n',
    });
    expect((await installed()).sort()).toEqual(['LICENSE', 'notation-lab']);
    expect((await mode('notation-lab')) & 0o722).toBe(0o700);
    expect((await mode('LICENSE')) & 0o133).toBe(0);
    expect(await readdir(join(folder, 'plugins'))).toEqual(['lab']);
    const listed = await here(['ls', '--output', 'json']);
    expect(JSON.parse(listed.stdout)).toMatchObject([{ name: 'lab', version: '1.0.0' }]);
  });

  it('the program alone', async () => {
    await writeFile(join(folder, 'notation-lab'), program('lab'), { mode: 0o755 });
    expect(await run(['add', '--file', 'notation-lab'])).toMatchObject({ code: 0 });
    expect(await installed()).toEqual(['notation-lab']);
  });

  it('a newer version replaces all of an older one, others only by force', async () => {
    expect(await install(tarGz([lab('1.9.0'), license]))).toMatchObject({ code: 0 });
    expect(await install(tarGz([lab('1.10.0')]))).toMatchObject({
      code: 0,
      stdout: 'replaced version 1.9.0 of the plugin lab by 1.10.0\n',
    });
    expect(await installed()).toEqual(['notation-lab']);
    for (const version of ['1.10.0', '1.9.9', '1.10.0-rc.1', 'one'])
      expect(await install(tarGz([lab(version)]))).toMatchObject(refused);
    expect(await readFile(join(folder, 'plugins/lab/notation-lab'), 'utf8')).toBe(program('lab', '1.10.0'));
    expect(await install(tarGz([lab('1.9.9')]), '--force')).toMatchObject({ code: 0 });
    await writeFile(join(folder, 'plugins/lab/notation-lab'), 'broken');
    const stays = await install(tarGz([lab('2.0.0')]));
    expect(stays).toMatchObject({ ...refused, stderr: expect.stringContaining('--force') });
    expect(await install(tarGz([lab('2.0.0')]), '--force')).toMatchObject({ code: 0 });
    expect(await readdir(join(folder, 'plugins'))).toEqual(['lab']);
  });

  it.each<[string, () => Uint8Array | string, string]>([
    ['a link in a tar.gz', () => tarGz([lab(), { name: 'a', link: '/etc/passwd' }]), 'a link or a device'],
    ['a link in a zip', () => zip([lab(), { name: 'a', link: '/etc/passwd' }]), 'a link or a device'],
    ['a link as the program', () => tarGz([{ name: 'notation-lab', link: '/bin/true' }]), 'a link or a device'],
    ['a way out of a tar.gz', () => tarGz([lab(), { name: '../a' }]), 'cannot be read'],
    ['a way out of a zip', () => zip([lab(), { name: '../a' }]), 'cannot be read'],
    ['an absolute name in a tar.gz', () => tarGz([lab(), { name: '/a' }]), 'cannot be read'],
    ['an absolute name in a zip', () => zip([lab(), { name: '/a' }]), 'cannot be read'],
    ['a name of Windows in a zip', () => zip([lab(), { name: '..\\a' }]), 'cannot be read'],
    ['two files of one name', () => tarGz([lab(), { ...lab(), name: 'b/notation-lab' }]), 'two files'],
    ['several programs', () => tarGz([lab(), { ...lab(), name: 'notation-other' }]), 'notation-lab, notation-other'],
    ['no program', () => tarGz([license]), 'found none'],
    ['a program of another name', () => tarGz([{ ...lab(), name: 'notation-other' }]), 'names it'],
    ['a program that says no version', () => tarGz([lab('v1')]), 'no version'],
    [
      'a program of another contract',
      () => tarGz([{ ...lab(), content: program('lab', '1.0.0', { supportedContractVersions: ['2.0'] }) }]),
      'contract',
    ],
    ['a program that fails', () => tarGz([{ ...lab(), content: '#!/bin/sh\nexit 1\n' }]), 'exit code 1'],
    ['what begins like a zip', () => 'PK\x03\x04 and ends', 'cannot be read'],
    ['half a tar.gz', () => tarGz([lab()]).subarray(0, 100), 'cannot be read'],
    ['something else', () => 'something', 'found none'],
  ])('refuses %s, and leaves nothing', async (_, bytes, hint) => {
    expect(await install(bytes())).toMatchObject({ ...refused, stderr: expect.stringContaining(hint) });
    expect(await readdir(join(folder, 'plugins')).catch(() => [])).toEqual([]);
  });

  it('checks the sum that it is given', async () => {
    const bytes = tarGz([lab()]);
    const sum = createHash('sha256').update(bytes).digest('hex');
    expect(await install(bytes, '--sha256sum', `${'0'.repeat(64)}`)).toMatchObject({
      ...refused,
      stderr: expect.stringContaining(sum),
    });
    expect(await install(bytes, '--sha256sum', sum.toUpperCase())).toMatchObject({ code: 0 });
  });

  it.each([
    [['install', 'a.zip'], 2, '--file or --url'],
    [['install', '--file', '--url', 'a.zip'], 2, '--file or --url'],
    [['install', '--url', 'https://a.test/a.zip'], 2, '--sha256sum'],
    [['install', '--file', '--sha256sum', 'abc', 'a.zip'], 2, '64 hexadecimal digits'],
    [['install', '--file', '--ca-file', 'ca.pem', 'a.zip'], 2, '--ca-file has no effect'],
    [['install', '--file', 'lost.zip'], 3, 'there is no file'],
    [['install', '--file', '.'], 3, 'not a regular file'],
    [['install', '--url', '--sha256sum', '0'.repeat(64), 'http://a.test/a.zip'], 3, 'an https URL'],
    [['install', '--url', '--sha256sum', '0'.repeat(64), 'https://me:x@a.test/a.zip'], 3, 'without an account'],
    [['uninstall', '../lab'], 2, 'the name of a plugin'],
    [['uninstall', '-y', 'lost'], 3, 'there is no file'],
  ])('%j ends with %i', async (words, code, hint) => {
    const ended = await here(words);
    expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(hint) });
    expect(ended.stderr).not.toContain('me:x');
  });
});

describe('plugin install --url', () => {
  let server: Server;
  let place: string;
  let options: readonly string[];
  let ca: string;
  let source: Uint8Array;
  beforeAll(async () => {
    const authority = await createAuthority();
    const { privateKeyPem, pem } = await issueTlsCertificate(authority, ['wabbit.test']);
    source = tarGz([lab()]);
    server = createServer({ key: privateKeyPem, cert: pem }, ({ url = '' }, response) => {
      if (url.startsWith('/moved')) response.writeHead(302, { location: '/notation-lab.tar.gz?token=s3cret' }).end();
      else if (url.startsWith('/plain'))
        response.writeHead(302, { location: `http://wabbit.test/?token=s3cret` }).end();
      else if (url.startsWith('/round')) response.writeHead(302, { location: '/round?token=s3cret' }).end();
      else if (url.startsWith('/notation-lab')) response.end(source);
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    place = `https://wabbit.test:${port}`;
    options = [
      '--resolve',
      `wabbit.test:${port}:127.0.0.1`,
      '--sha256sum',
      createHash('sha256').update(source).digest('hex'),
    ];
    ca = authority.root.pem;
  });
  beforeEach(() => writeFile(join(folder, 'ca.pem'), ca));
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  const get = (path: string) =>
    here(['install', '--url', '--ca-file', join(folder, 'ca.pem'), ...options, `${place}${path}`]);

  it('follows redirects', async () => {
    expect(await get('/moved')).toMatchObject({ code: 0, stderr: '' });
    expect(await installed()).toEqual(['notation-lab']);
  });

  it.each([
    ['/plain', 'an https URL'],
    ['/round', 'at most 10 redirects'],
    ['/lost', 'status 404'],
  ])('%s installs nothing', async (path, hint) => {
    const ended = await get(path);
    expect(ended).toMatchObject({ ...refused, stderr: expect.stringContaining(hint) });
    expect(ended.stderr).not.toContain('s3cret');
  });

  it('without the authority nothing is downloaded', async () => {
    expect(await here(['install', '--url', ...options, `${place}/notation-lab`])).toMatchObject(refused);
  });
});

describe('plugin list and uninstall', () => {
  it('lists what answers, and why the others do not', async () => {
    expect((await run(['list'])).stdout).toMatch(/^NAME +DESCRIPTION/);
    await install(tarGz([lab()]));
    await mkdir(join(folder, 'plugins/broken'));
    const { code, stdout } = await run(['list']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/\nbroken .*notation-broken.*\nlab +made for tests +1\.0\.0 +SIGNATURE_GENERATOR\.RAW\n/);
  });

  it('uninstalls what is meant', async () => {
    await install(tarGz([lab()]));
    expect(await run(['rm', 'lab'], 'no\n')).toMatchObject({ code: 0, stdout: 'nothing is deleted\n' });
    expect(await installed()).toEqual(['notation-lab']);
    expect(await run(['remove', '--yes', 'lab'])).toMatchObject({ code: 0, stdout: 'uninstalled lab\n' });
    await symlink(folder, join(folder, 'plugins/linked'));
    expect(await run(['uninstall', '-y', 'linked'])).toMatchObject({ code: 0 });
    await lstat(folder);
    expect(await readdir(join(folder, 'plugins'))).toEqual([]);
  });
});
