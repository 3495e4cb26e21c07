import { execFileSync } from 'node:child_process';
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPluginFolder } from '../../support/plugin/lab.js';
import { runHere } from '../../support/run-here.js';
import { runProgram } from '../../support/run-program.js';
import { cliDesk, cliTool } from './desk.js';

const tool = cliTool();
const desk = cliDesk();
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notarykit-stores-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const run = (words: readonly string[], input = '', env: Readonly<Record<string, string>> = {}) =>
  runProgram(tool.path, words, { cwd: desk.folder, input, env: { ...desk.env, NOTATION_CONFIG: folder, ...env } });
const root = (): string => join(desk.folder, 'notation/truststore/x509/ca/wabbit-networks/root.pem');
const lab = ['--type', 'ca', '--store', 'lab'];
const store = (): string => join(folder, 'truststore/x509/ca/lab');
const mode = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;
const keys = async () => JSON.parse(await readFile(join(folder, 'signingkeys.json'), 'utf8'));

describe('trust stores', () => {
  it('a certificate is added, listed, shown and deleted', async () => {
    expect(await run(['cert', 'add', ...lab, root()])).toMatchObject({ code: 0, stderr: '' });
    expect(await readFile(join(store(), 'root.pem'))).toEqual(await readFile(root()));
    expect([await mode(join(store(), 'root.pem')), await mode(store())]).toEqual([0o600, 0o700]);
    const listed = await run(['certificate', 'ls', '-t', 'ca', '-s', 'lab', '-o', 'json']);
    expect(JSON.parse(listed.stdout)).toEqual([{ type: 'ca', store: 'lab', file: 'root.pem' }]);
    expect((await run(['cert', 'list'])).stdout).toMatch(/^STORE TYPE +STORE NAME +CERTIFICATE\nca +lab +root\.pem\n$/);
    expect(await run(['cert', 'ls', '-t', 'tsa'])).toMatchObject({ code: 0, stdout: '' });
    const shown = await run(['cert', 'show', ...lab, 'root.pem']);
    expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining('Subject: CN=NotaryKit Test Root') });
    expect(shown.stdout).toMatch(/SHA256 Thumbprint: [0-9a-f]{64}\n/);
    const words = ['cert', 'delete', ...lab, 'root.pem'];
    expect(await run(words, 'n\n')).toMatchObject({ code: 0, stdout: 'nothing is deleted\n' });
    expect(await run(words)).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    expect(await readdir(store())).toEqual(['root.pem']);
    expect(await run(words, 'y\n')).toMatchObject({ code: 0 });
    expect(await readdir(store())).toEqual([]);
    expect(await run(['cert', 'delete', ...lab, '--all', '-y'])).toMatchObject({ code: 0 });
    await expect(lstat(store())).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('what is good is added, and the rest named', async () => {
    await writeFile(join(folder, 'none.pem'), 'nothing');
    const words = ['cert', 'add', ...lab, root(), join(folder, 'none.pem'), join(folder, 'lost.pem')];
    const { code, stdout, stderr } = await run(words);
    expect([code, stdout]).toEqual([3, `added ${root()} to ca:lab\n`]);
    expect(stderr).toContain('none.pem was not added');
    expect(stderr).toContain('lost.pem was not added: there is no such file');
    const again = await run(['cert', 'add', ...lab, root()]);
    expect(again).toMatchObject({ code: 3, stderr: expect.stringContaining('has a file of that name') });
    expect(await readdir(store())).toEqual(['root.pem']);
  });

  it.skipIf(process.platform === 'win32')('adds a certificate from a pipe', async () => {
    const pipe = join(folder, 'pipe.pem');
    execFileSync('mkfifo', [pipe]);
    const [added] = await Promise.all([run(['cert', 'add', ...lab, pipe]), writeFile(pipe, await readFile(root()))]);
    expect(added).toMatchObject({ code: 0, stderr: '' });
    expect(await readFile(join(store(), 'pipe.pem'))).toEqual(await readFile(root()));
  });

  it('warns of a certificate that makes its store unusable', async () => {
    const leaf = join(desk.folder, 'chain.pem');
    const added = await run(['cert', 'add', ...lab, leaf]);
    expect(added).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('neither a CA certificate nor self-signed'),
    });
  });

  it('deleting a link keeps its target', async () => {
    await mkdir(store(), { recursive: true });
    await symlink(root(), join(store(), 'link.pem'));
    await mkdir(join(folder, 'other'));
    await symlink(join(folder, 'other'), join(folder, 'truststore/x509/ca/linked'));
    expect(await run(['cert', 'delete', ...lab, '-y', 'link.pem'])).toMatchObject({ code: 0 });
    expect(await run(['cert', 'delete', '-t', 'ca', '-s', 'linked', '-y', '--all'])).toMatchObject({ code: 0 });
    await Promise.all([lstat(root()), lstat(join(folder, 'other'))]);
  });

  it.each([
    [['cert', 'add', '--type', 'ca', 'a.crt'], 2, '--store is needed'],
    [['cert', 'add', '--type', 'cas', '--store', 'lab', 'a.crt'], 2, 'ca, signingAuthority, tsa'],
    [['cert', 'add', '--type', 'ca', '--store', '../lab', 'a.crt'], 2, '--store'],
    [['cert', 'add', ...lab], 2, 'cert add <files...>'],
    [['cert', 'show', ...lab, '../../../../signingkeys.json'], 2, 'the name of a file'],
    [['cert', 'delete', ...lab, '-y', '..'], 2, 'the name of a file'],
    [['cert', 'delete', ...lab, '-y'], 2, '--all'],
    [['cert', 'delete', ...lab, '-y', '--all', 'a.crt'], 2, '--all'],
    [['cert', 'delete', ...lab, '-y', 'a.crt'], 3, 'there is no file'],
    [['cert', 'show', ...lab, 'a.crt'], 3, 'there is no file'],
    [['cert', 'generate-test', '../a'], 2, 'a name of letters'],
    [['cert', 'generate-test', '--bits', '1024', 'a'], 2, '2048, 3072, 4096'],
    [['key', 'update', 'a'], 2, '--default'],
    [['key', 'update', '--default', 'lost'], 2, 'there is no key "lost"'],
    [['key', 'delete', 'lost'], 2, 'there is no key "lost"'],
    [['key', 'add', 'a'], 2, '--plugin is needed'],
    [['key', 'add', '--plugin', 'p', 'a'], 2, '--id is needed'],
    [['key', 'add', '--plugin', 'lost', '--id', 'i', 'a'], 3, 'notation-lost'],
    [['key', 'add', '--plugin', '../p', '--id', 'i', 'a'], 3, 'not a valid plugin name'],
  ])('%j ends with %i', async (words, code, hint) => {
    vi.stubEnv('NOTATION_CONFIG', folder);
    expect(await runHere(words)).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(hint) });
    await expect(keys()).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('keys', () => {
  it('a test key signs, and its certificate is trusted', async () => {
    const made = await run(['cert', 'generate-test', '--default', 'wabbit.io', '--output', 'json']);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const { keyPath, certificatePath } = JSON.parse(made.stdout);
    expect([await mode(keyPath), await mode(certificatePath)]).toEqual([0o600, 0o644]);
    expect(await keys()).toEqual({
      default: 'wabbit.io',
      keys: [{ name: 'wabbit.io', keyPath, certPath: certificatePath }],
    });
    const identity = 'x509.subject:C=US,ST=WA,O=Notary,CN=wabbit.io';
    const policy = ['--name', 'test', '--trust-store', 'ca:wabbit.io', '--trusted-identity', identity];
    expect(await run(['policy', 'init', ...policy])).toMatchObject({ code: 0 });
    const image = `${desk.host}/net-monitor:v1`;
    expect(await run(['sign', image])).toMatchObject({ code: 0 });
    expect(await run(['verify', image])).toMatchObject({ code: 0 });
    // A second one of that name would leave the first without its key.
    const again = await run(['cert', 'generate-test', 'wabbit.io']);
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('taken by signingkeys.json') });
    expect((await keys()).keys).toHaveLength(1);
    // Nor is half of it made where only a part is in the way.
    expect(await run(['key', 'delete', 'wabbit.io'])).toMatchObject({ code: 0 });
    await rm(keyPath);
    const half = await run(['cert', 'generate-test', 'wabbit.io']);
    expect(half).toMatchObject({ code: 2, stderr: expect.stringContaining(certificatePath) });
    await expect(lstat(keyPath)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('are added, listed, made the default, and deleted; what else is in the file stays', async () => {
    const list = join(folder, 'signingkeys.json');
    await writeFile(list, JSON.stringify({ keys: [{ name: 'old', keyPath: 'a', certPath: 'b' }], more: 1 }));
    const plugins = await createPluginFolder();
    await plugins.install('p', '#!/usr/bin/env node\n');
    const env = { NOTATION_LIBEXEC: plugins.libexec };
    const add = ['key', 'add', '--plugin', 'p', '--id', 'key-1', '--plugin-config', 'a=b=c', '--default', 'kms'];
    expect(await run(add, '', env)).toMatchObject({ code: 0, stderr: '' });
    const kms = { name: 'kms', id: 'key-1', pluginName: 'p', pluginConfig: { a: 'b=c' } };
    const old = { name: 'old', keyPath: 'a', certPath: 'b' };
    expect(await keys()).toEqual({ default: 'kms', keys: [old, kms], more: 1 });
    if (process.platform !== 'win32') expect(await mode(list)).toBe(0o600);
    const again = await run(add, '', env);
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('there is a key "kms" already') });
    await plugins.close();
    const { stdout } = await run(['key', 'ls']);
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['NAME', 'KEY PATH', 'CERTIFICATE PATH', 'ID', 'PLUGIN NAME'],
      ['old', 'a', 'b'],
      ['* kms', 'key-1', 'p'],
      [''],
    ]);
    expect(await run(['key', 'set', '--default', 'old'])).toMatchObject({ code: 0 });
    expect(JSON.parse((await run(['key', 'list', '--output', 'json'])).stdout)).toEqual({
      default: 'old',
      keys: [old, kms],
    });
    expect(await run(['key', 'delete', 'kms', 'lost'])).toMatchObject({ code: 2 });
    expect((await keys()).keys).toHaveLength(2);
    expect(await run(['key', 'delete', 'old', 'kms'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('old (default)'),
    });
    expect(await keys()).toEqual({ keys: [], more: 1 });
  });

  it('does not write an invalid list', async () => {
    vi.stubEnv('NOTATION_CONFIG', folder);
    const list = join(folder, 'signingkeys.json');
    for (const text of ['{"keys":', '{"default":"lost","keys":[]}', '{"keys":[{"name":"a"}]}']) {
      await writeFile(list, text);
      expect(await runHere(['key', 'delete', 'a'])).toMatchObject({ code: 3, stdout: '' });
      expect(await readFile(list, 'utf8')).toBe(text);
    }
  });
});
