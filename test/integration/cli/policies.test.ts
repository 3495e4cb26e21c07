import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runProgram } from '../../support/run-program.js';
import { cliTool } from './desk.js';

const tool = cliTool();
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notarykit-policies-'));
  await mkdir(join(folder, 'notation'));
});
afterEach(() => rm(folder, { recursive: true }));

const config = (name = ''): string => join(folder, 'notation', name);
const run = (...words: string[]) =>
  runProgram(tool.path, words, { cwd: folder, env: { NOTATION_CONFIG: config(), NO_COLOR: '1' } });

function policy(name: string, level: string): string {
  const trust = { trustStores: [`ca:${name}`], trustedIdentities: ['*'] };
  const statement = { name, registryScopes: ['*'], signatureVerification: { level }, ...trust };
  return JSON.stringify({ version: '1.0', trustPolicies: [statement] });
}
const strict = policy('old', 'strict');
const audit = policy('new', 'audit');
const init = ['policy', 'init', '--name', 'x', '--trust-store', 'ca:x', '--trusted-identity', '*'];

describe.each(['trustpolicy.json', 'trustpolicy.oci.json'])('a machine with %s', (name) => {
  beforeEach(async () => {
    await writeFile(config(name), strict);
    await writeFile(join(folder, 'new.json'), audit);
  });

  it('is shown, looked at and compared', async () => {
    expect(await run('policy', 'show')).toMatchObject({ code: 0, stdout: `${strict}\n` });
    const linted = await run('policy', 'lint');
    expect(linted.stdout).toContain('old');
    expect(await run('policy', 'diff', config(name))).toMatchObject({ code: 0, stdout: 'both mean the same\n' });
    const changed = await run('policy', 'diff', 'new.json');
    expect(changed).toMatchObject({ code: 0 });
    expect(changed.stdout).not.toContain('both mean the same');
  });

  it.each([[['policy', 'import', 'new.json']], [init]])('%j replaces nothing without --force', async (words) => {
    const refused = await run(...words);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain(config(name));
    expect(refused.stderr).toContain('--force');
    expect(await readdir(config())).toEqual([name]);
    expect(await readFile(config(name), 'utf8')).toBe(strict);
  });

  it('gives way with --force, in its own file', async () => {
    const written = await run('policy', 'import', '--force', 'new.json');
    expect(written).toMatchObject({ code: 0, stdout: `wrote ${config(name)}\n` });
    expect(await readdir(config())).toEqual([name]);
    expect(await run('policy', 'show')).toMatchObject({ code: 0, stdout: `${audit}\n` });
  });
});

it('a new policy has the name that every version of notation reads', async () => {
  expect(await run(...init)).toMatchObject({ code: 0, stdout: `wrote ${config('trustpolicy.json')}\n` });
  // Where both are there, the one that counts is replaced.
  await writeFile(config('trustpolicy.oci.json'), strict);
  await writeFile(join(folder, 'new.json'), audit);
  expect(await run('policy', 'import', '--force', 'new.json')).toMatchObject({ code: 0 });
  expect(await readFile(config('trustpolicy.oci.json'), 'utf8')).toBe(audit);
});

it('an unreadable policy is neither ignored nor replaced', async () => {
  await writeFile(config('trustpolicy.oci.json'), 'none');
  await writeFile(config('trustpolicy.json'), strict);
  expect(await run('policy', 'show')).toMatchObject({ code: 3, stdout: '' });
  expect(await run(...init)).toMatchObject({ code: 2 });
  await rm(config('trustpolicy.oci.json'));
  await symlink(config('nowhere'), config('trustpolicy.oci.json'));
  expect(await run('policy', 'show')).toMatchObject({ code: 3, stdout: '' });
  expect(await run(...init)).toMatchObject({ code: 2 });
});

it('what breaks a rule is said with the name of its file, before anything is replaced', async () => {
  await writeFile(join(folder, 'bad.json'), '{ "version": 1 }');
  for (const words of [['policy'], ['blob', 'policy']]) {
    const refused = await run(...words, 'import', 'bad.json');
    expect(refused).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('error: bad.json: ') });
    expect(refused.stderr).toContain('version: expected a string in quotation marks, found "1"');
  }
  expect(await readdir(config())).toEqual([]);
});

it('a statement that does not exist is followed by those that do', async () => {
  await writeFile(config('trustpolicy.json'), strict);
  const refused = await run('policy', 'remove', 'nope');
  expect(refused.stderr).toContain('statement "nope", name: unknown statement; known are "old"');
});

describe('a policy that is edited', () => {
  const path = (): string => config('trustpolicy.json');
  const text = `{\n    "trustPolicies": [${JSON.parse(strict).trustPolicies.map((one: object) => JSON.stringify(one))}],\n    "version": "1.0"\n}\n`;
  const other = ['--trust-store', 'ca:x', '--trusted-identity', '*', '--scope', 'a.test/b'];
  beforeEach(() => writeFile(path(), text));

  it('stays where it is, and as it is written; what changes is said by its meaning', async () => {
    const added = await run('policy', 'add', 'other', ...other);
    expect(added).toMatchObject({ code: 0, stdout: expect.stringContaining(`wrote ${path()}`) });
    expect(added.stdout).toContain('"a.test/b" now also uses the trust store "ca:x"');
    const changed = await run('policy', 'change', 'other', '--add-scope', 'a.test/c', '--remove-scope', 'a.test/b');
    expect(changed).toMatchObject({ code: 0 });
    expect(await run('policy', 'remove', 'other')).toMatchObject({ code: 0 });
    expect(await readFile(path(), 'utf8')).toBe(text);
    expect(await readdir(config())).toEqual(['trustpolicy.json']);
  });

  it('is refused by name when it is not UTF-8, and not repaired', async () => {
    const [start = '', end = ''] = text.split('"old"');
    const bytes = Buffer.concat([Buffer.from(`${start}"ol`), Buffer.of(0xff), Buffer.from(`"${end}`)]);
    await writeFile(path(), bytes);
    const refused = await run('policy', 'add', 'other', ...other);
    expect(refused).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining(`${path()}: `) });
    expect(await readFile(path())).toEqual(bytes);
  });

  it('is only looked at with --dry-run', async () => {
    const looked = await run('policy', 'add', '--dry-run', '--before', 'old', 'other', ...other);
    expect(looked).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing is written') });
    expect(await readFile(path(), 'utf8')).toBe(text);
  });

  it.each([
    [['policy', 'remove', 'old'], 3, 'at least one statement'],
    [['policy', 'remove', 'none'], 3, '"old"'],
    [['policy', 'change', 'old'], 2, '--add-scope'],
    [['policy', 'change', 'old', '--add-identity', 'nonsense'], 3, 'trustedIdentities'],
    [['policy', 'add', 'other'], 2, '--trust-store'],
    [['policy', 'add', 'old', ...other], 3, 'two statements have this name'],
  ] as const)('%j is refused, and nothing is written', async (words, code, says) => {
    const refused = await run(...words);
    expect(refused).toMatchObject({ code, stdout: '' });
    expect(refused.stderr).toContain(says);
    expect(await readFile(path(), 'utf8')).toBe(text);
    expect(await readdir(config())).toEqual(['trustpolicy.json']);
  });
});

it('without a policy, the message names both file names', async () => {
  for (const words of [['show'], ['lint'], ['diff', 'x.json']]) {
    const { code, stderr } = await run('policy', ...words);
    expect(code).toBe(3);
    expect(stderr).toContain(config('trustpolicy.oci.json'));
    expect(stderr).toContain(config('trustpolicy.json'));
  }
});
