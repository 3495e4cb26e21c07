import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { account } from '../../../examples/cli-session/src/session/desk.js';
import { runHere } from '../../support/run-here.js';
import { runProgram } from '../../support/run-program.js';
import { cliDesk, cliTool } from './desk.js';

const tool = cliTool();
const desk = cliDesk();
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notarykit-login-'));
});
afterEach(() => rm(folder, { recursive: true }));

const file = (): string => join(folder, 'config.json');
const read = async () => JSON.parse(await readFile(file(), 'utf8'));
interface Run {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}
const homeIn = (path: string) => ({ DOCKER_CONFIG: path, HOME: path, XDG_CONFIG_HOME: path, XDG_RUNTIME_DIR: path });
const run = (words: readonly string[], { input = '', env = {} }: Run = {}) =>
  runProgram(tool.path, words, {
    cwd: desk.folder,
    input,
    // No credential helper that this machine has.
    env: { ...desk.env, ...homeIn(folder), PATH: folder, ...env },
  });
const { username, password } = account;
const image = (): string => `${desk.host}/net-monitor:v1`;
const login = (...words: string[]) => ['login', '--plain-text', ...words, desk.host];

describe('login and logout', () => {
  it('an account is checked, stored, used and removed', async () => {
    expect(await run(['list', image()])).toMatchObject({ code: 3 });
    const done = await run(login('-u', username, '--password-stdin'), { input: `${password}\n` });
    expect(done).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^Login Succeeded\n/) });
    const auth = Buffer.from(`${username}:${password}`).toString('base64');
    expect(await read()).toEqual({ auths: { [desk.host]: { auth } } });
    expect(await run(['list', image()])).toMatchObject({ code: 0 });
    expect(await run(['logout', desk.host])).toMatchObject({ code: 0, stdout: 'Logout Succeeded\n', stderr: '' });
    expect(await read()).toEqual({ auths: {} });
    expect(await run(['logout', desk.host])).toMatchObject({ code: 0 });
    expect(await run(['list', image()])).toMatchObject({ code: 3 });
  });

  it('from the environment, as for notation, and as JSON', async () => {
    const env = { NOTATION_USERNAME: username, NOTATION_PASSWORD: password };
    const { code, stdout, stderr } = await run([...login(), '--output', 'json'], { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({ server: desk.host, username, place: { kind: 'file', path: file() } });
    expect(stdout).not.toContain(password);
  });

  it('a wrong password is neither kept nor shown', async () => {
    const wrong = await run(login('-u', username, '-p', 'w4ong'));
    expect(wrong).toMatchObject({ code: 3, stdout: '' });
    expect(wrong.stderr).not.toContain('w4ong');
    expect(wrong.stderr).toContain('--password-stdin');
    await expect(read()).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('without a helper and without --plain-text nothing is kept', async () => {
    const refused = await run(['login', '-u', username, '--password-stdin', desk.host], { input: password });
    expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining('plain text') });
    await expect(read()).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it("notation's own file is written and read where it names accounts", async () => {
    const configuration = join(folder, 'notation');
    await mkdir(configuration);
    const own = join(configuration, 'config.json');
    const settings = { insecureRegistries: [], auths: { 'other.test': { auth: 'YTpi' } } };
    await writeFile(own, JSON.stringify(settings), { mode: 0o600 });
    const env = { NOTATION_CONFIG: configuration };
    expect(await run(login('-u', username, '--password-stdin'), { input: password, env })).toMatchObject({ code: 0 });
    expect(JSON.parse(await readFile(own, 'utf8')).auths).toHaveProperty([desk.host]);
    expect(await run(['list', image()], { env })).toMatchObject({ code: 0 });
    expect(await run(['logout', '-o', 'json', desk.host], { env })).toMatchObject({ code: 0 });
    expect(JSON.parse(await readFile(own, 'utf8'))).toEqual(settings);
  });

  it('logout reports an account that is still known elsewhere', async () => {
    const auths = { [desk.host]: { auth: 'YTpi' } };
    const reported = await run(['logout', desk.host], { env: { DOCKER_AUTH_CONFIG: JSON.stringify({ auths }) } });
    expect(reported).toMatchObject({ code: 0, stderr: expect.stringContaining('DOCKER_AUTH_CONFIG') });
  });

  it.each([
    [['login'], 'login <server>'],
    [['login', 'https://a.test'], 'leave "https://" out'],
    [['login', 'a.test/b'], 'host[:port]'],
    [['login', 'a.test'], '--username'],
    [['login', '-u', 'a', 'a.test'], '--password-stdin'],
    [['login', '-u', 'a', '-p', 'b', '--password-stdin', 'a.test'], 'only one of'],
    [['logout', 'oci://a.test'], 'leave "oci://" out'],
    [['list', '--oci-layout', '-u', 'a', '-p', 'b', 'layout:v1'], '--username has no effect'],
    [['list', '--oci-layout', '-d', 'layout:v1'], '--debug has no effect'],
    [['verify', '-u', 'a', 'a.test/b:v1'], '--password-stdin'],
  ])('%j is a wrong command line', async (words, hint) => {
    expect(await runHere(words)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(hint) });
  });

  it('no password on standard input is a wrong command line', async () => {
    const ended = await run(['login', '-u', 'a', '--password-stdin', 'a.test']);
    expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('standard input is empty') });
  });

  it('a wrong command line is reported in the requested format', async () => {
    const { code, stdout } = await runHere(['login', '--output=json', '--nonsense', 'a.test']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'ERR_USAGE' } });
  });
});

describe('the account of one command', () => {
  it('is typed, or in the environment', async () => {
    expect(await run(['list', '-u', username, '-p', password, image()])).toMatchObject({ code: 0 });
    const env = { NOTATION_USERNAME: username, NOTATION_PASSWORD: password };
    expect(await run(['sign', image()], { env })).toMatchObject({ code: 0 });
    const typed = await run(['inspect', '--username', username, '--password-stdin', image()], { input: password });
    expect(typed).toMatchObject({ code: 0 });
    await expect(read()).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('of the registry is not shown to its mirrors', async () => {
    const conf = join(folder, 'moved.conf');
    await writeFile(conf, `[[registry]]\nprefix = "public.test"\nlocation = "${desk.host}"\n`);
    const moved = ['list', '--registries-conf', conf, '-u', username, '-p', password, 'public.test/net-monitor:v1'];
    expect(await run(moved)).toMatchObject({ code: 3 });
  });

  it('is not in the log of requests', async () => {
    const reported = await run(['list', '--debug', '-u', username, '-p', password, image()]);
    expect(reported).toMatchObject({ code: 0, stderr: expect.stringMatching(/^debug: request \{.*"status":200/m) });
    const auth = Buffer.from(`${username}:${password}`).toString('base64');
    for (const secret of [password, auth, 'Bearer']) expect(reported.stderr).not.toContain(secret);
    expect(await run(['list', '-v', '-u', username, '-p', password, image()])).toMatchObject({ code: 0, stderr: '' });
  });
});
