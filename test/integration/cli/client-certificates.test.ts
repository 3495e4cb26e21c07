import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority, createEmbeddedRegistry } from '@notarykit/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runHere } from '../../support/run-here.js';
import { issueTlsCertificate } from '../../support/tls-certificate.js';
import { writeNotationFiles } from './notation-files.js';

const home = process.cwd();
let desk: Awaited<ReturnType<typeof setUp>>;
beforeAll(async () => {
  desk = await setUp();
  process.chdir(desk.folder);
});
afterAll(async () => {
  process.chdir(home);
  await desk.close();
});

/** A registry that refuses clients without a certificate of the company, and notation's files of a user. */
async function setUp() {
  const authority = await createAuthority();
  const server = await issueTlsCertificate(authority, ['localhost']);
  const client = await issueTlsCertificate(authority, ['localhost'], 'clientAuth');
  const code = await authority.issueLeaf();
  const registry = createEmbeddedRegistry();
  const tls = { key: server.privateKeyPem, cert: server.pem, clientAuthority: authority.root.pem };
  const { host } = await registry.listen({ name: 'localhost', tls });
  const folder = await mkdtemp(join(tmpdir(), 'notarykit-certificates-'));
  await writeNotationFiles(folder, authority.root.pem, {
    'root.pem': authority.root.pem,
    'client.pem': client.pem,
    'client-key.pem': client.privateKeyPem,
    'key.pem': code.privateKeyPem,
    'chain.pem': code.pem,
    'app.txt': 'app',
  });
  const close = () => Promise.all([registry.close(), rm(folder, { recursive: true })]);
  return { folder, image: `${host}/app:v1`, copied: `${host}/copied:v1`, host, close };
}

const run = (...words: readonly string[]) =>
  runHere(words, {
    NOTATION_CONFIG: join(desk.folder, 'notation'),
    NOTATION_CACHE: join(desk.folder, 'cache'),
    NO_COLOR: '1',
  });
const shown = ['--ca-file', 'root.pem', '--cert-file', 'client.pem', '--key-file', 'client-key.pem'];

it('a registry that asks for a certificate is shown the one that is named, by every command', async () => {
  const { image, copied, host } = desk;
  const trust = ['--trust-store', 'ca:lab', '--trusted-identity', '*'];
  expect(await run('policy', 'init', '--name', 'lab', ...trust)).toMatchObject({ code: 0 });
  expect(await run('push', ...shown, image, 'app.txt')).toMatchObject({ code: 0 });
  const signer = ['--key-file', 'key.pem', '--certificate-file', 'chain.pem'];
  const client = ['--ca-file', 'root.pem', '--client-cert-file', 'client.pem', '--client-key-file', 'client-key.pem'];
  expect(await run('sign', ...signer, ...client, image)).toMatchObject({ code: 0 });
  expect(await run('verify', ...shown, image)).toMatchObject({ code: 0 });
  expect(await run('audit', ...shown, `${host}/app`)).toMatchObject({ code: 0 });
  const sides = ['from', 'to'].flatMap((side) => [
    `--${side}-cert-file`,
    'client.pem',
    `--${side}-key-file`,
    'client-key.pem',
  ]);
  expect(await run('copy', '--verify', '--ca-file', 'root.pem', ...sides, image, copied)).toMatchObject({ code: 0 });
  const { stdout } = await run('doctor', ...shown, host);
  expect(stdout).toContain(`network: ${host} answers`);
});

it('without it, or with a certificate for one side only, the registry is not reached', async () => {
  const { image, copied } = desk;
  expect(await run('resolve', '--ca-file', 'root.pem', image)).toMatchObject({ code: 3, stdout: '' });
  const from = ['--from-cert-file', 'client.pem', '--from-key-file', 'client-key.pem'];
  expect(await run('copy', '--ca-file', 'root.pem', ...from, image, copied)).toMatchObject({ code: 3, stdout: '' });
});
