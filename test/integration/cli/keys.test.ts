import { createPrivateKey } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parsePem } from '@notarykit/pki';
import { beforeAll, describe, expect, it } from 'vitest';
import { account } from '../../../examples/cli-session/src/session/desk.js';
import { writePkcs12 } from '../../support/pkcs12.js';
import { pluginScript } from '../../support/plugin/hostile.js';
import { createPluginFolder } from '../../support/plugin/lab.js';
import { type Ended, runProgram } from '../../support/run-program.js';
import { cliDesk, cliTool } from './desk.js';

const password = 'correct horse';
const tool = cliTool();
const desk = cliDesk();
let leaf: { privateKeyPem: string; pem: string };
beforeAll(async () => {
  leaf = { privateKeyPem: await read('key.pem'), pem: await read('chain.pem') };
  const key = createPrivateKey(leaf.privateKeyPem);
  const chain = parsePem(leaf.pem).map(({ der }) => der);
  await writeFile(join(desk.folder, 'key.p12'), await writePkcs12(key, chain, { password }));
  const cipher = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: password } as const;
  await writeFile(join(desk.folder, 'sealed.pem'), key.export(cipher));
  await writeFile(join(desk.folder, 'password'), `${password}\n`);
  await writeFile(join(desk.folder, 'wrong'), 'incorrect horse');
  await writeFile(join(desk.folder, 'two-lines'), `${password}\nmore\n`);
});

const read = (name: string): Promise<string> => readFile(join(desk.folder, name), 'utf8');
const sign = (words: readonly string[], input?: string): Promise<Ended> =>
  runProgram(tool.path, ['blob', 'sign', '--force', ...words, 'sbom.json'], {
    cwd: desk.folder,
    env: desk.env,
    input: input ?? '',
  });
const sealed = ['--key-file', 'sealed.pem', '--certificate-file', 'chain.pem'];

describe('key files with a password', () => {
  it.each([
    ['PKCS #12', ['--pkcs12-file', 'key.p12']],
    ['PEM', sealed],
  ])('%s: from a file, and from standard input', async (_, words) => {
    expect(await sign([...words, '--key-password-file', 'password'])).toMatchObject({ code: 0, stderr: '' });
    expect(await sign([...words, '--key-password-stdin'], `${password}\r\n`)).toMatchObject({ code: 0, stderr: '' });
    const verified = await runProgram(tool.path, ['blob', 'verify', '-s', 'sbom.json.jws.sig', 'sbom.json'], {
      cwd: desk.folder,
      env: desk.env,
    });
    expect(verified).toMatchObject({ code: 0 });
  });

  it.each([
    [['--pkcs12-file', 'key.p12'], 2, '--key-password-file'],
    [sealed, 2, '--key-password-stdin'],
    [['--pkcs12-file', 'key.p12', '--key-password-file', 'wrong'], 3, 'password'],
    [['--pkcs12-file', 'key.p12', '--key-password-file', 'two-lines'], 2, 'one line'],
    [['--pkcs12-file', 'key.p12', '--key-password-file', 'password', '--key-password-stdin'], 2, 'only one of'],
    [['--pkcs12-file', 'key.p12', '--key-file', 'key.pem', '--certificate-file', 'chain.pem'], 2, 'only one of'],
    [
      ['--key-file', 'key.pem', '--certificate-file', 'chain.pem', '--key-password-file', 'password'],
      2,
      'not encrypted',
    ],
    [['--key', 'build', '--key-password-file', 'password'], 2, 'not encrypted'],
    [['--id', 'a', '--plugin', 'p', '--key-password-file', 'password'], 2, 'plugin'],
    [['--key', 'build', '--plugin-config', 'a=b'], 2, '--plugin-config has no effect'],
    [['--pkcs12-file', 'key.p12', '--plugin-config', 'a=b'], 2, '--plugin-config has no effect'],
  ])('%j ends with %i', async (words, code, hint) => {
    const ended = await sign(words);
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toContain(hint);
    for (const secret of [password, 'incorrect horse']) expect(ended.stderr).not.toContain(secret);
  });
});

it('a plugin does not get the accounts of registries', async () => {
  const image = `${desk.host}/net-monitor:v1`;
  const folder = await createPluginFolder();
  const secrets = ['NOTATION_USERNAME', 'NOTATION_PASSWORD', 'DOCKER_AUTH_CONFIG', 'notation_password'];
  // Answers only where it has its own credential and none of a registry.
  const check = `if (process.env.WABBIT_TOKEN !== 't' || ${JSON.stringify(secrets)}.some((name) => name in process.env)) {
    fs.writeSync(2, JSON.stringify({ errorCode: 'ACCESS_DENIED', errorMessage: 'a secret of a registry' }));
    process.exit(1);
  }`;
  await folder.install('p', pluginScript('p', leaf, check));
  const env = {
    ...desk.env,
    NOTATION_LIBEXEC: folder.libexec,
    WABBIT_TOKEN: 't',
    DOCKER_CONFIG: join(desk.folder, 'none'),
    DOCKER_AUTH_CONFIG: await read('config.json'),
    NOTATION_USERNAME: account.username,
    NOTATION_PASSWORD: account.password,
    notation_password: 's3cret',
  };
  const words = ['sign', '--id', 'key-1', '--plugin', 'p', image];
  expect(await runProgram(tool.path, words, { cwd: desk.folder, env })).toMatchObject({ code: 0 });
  await folder.close();
});
