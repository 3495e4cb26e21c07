import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { packArtifact } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { signatureArtifactType } from '@notarykit/signature-envelope';
import { expect, it } from 'vitest';
import { account } from '../../../examples/cli-session/src/session/desk.js';
import { runProgram } from '../../support/run-program.js';
import { cliDesk, cliTool } from './desk.js';

const tool = cliTool();
const desk = cliDesk();
const run = (words: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runProgram(tool.path, words, { cwd: desk.folder, env: { ...desk.env, ...env } });

/** An artifact with one blob of its own. */
function pack(tag: string): Promise<unknown> {
  const layers = [{ mediaType: 'text/plain', content: utf8(tag) }];
  return packArtifact(desk.repository, { artifactType: 'a/b', layers, tags: [tag] });
}

it('a signature that cannot be read hides no other', async () => {
  await pack('inspected');
  const image = `${desk.host}/net-monitor:inspected`;
  expect(await run(['sign', image])).toMatchObject({ code: 0 });
  const junk = { mediaType: 'application/jose+json', content: utf8('{"junk":') };
  const subject = await desk.repository.resolve('inspected');
  const bad = await packArtifact(desk.repository, { artifactType: signatureArtifactType, layers: [junk], subject });
  const shown = await run(['inspect', image]);
  expect(shown.stdout).toContain('notary.x509');
  expect(shown.stdout).toContain(`signature ${bad.descriptor.digest}\n  cannot be read: `);
  const { code, stdout } = await run(['inspect', '--json', image]);
  expect([shown.code, code]).toEqual([3, 3]);
  const { signatures } = JSON.parse(stdout) as { signatures: { digest: string; error?: object }[] };
  expect(signatures).toHaveLength(2);
  expect(signatures.filter(({ error }) => error !== undefined)).toMatchObject([{ digest: bad.descriptor.digest }]);
  const limited = await run(['inspect', '--max-signatures', '1', image]);
  expect(limited.stderr).toContain('--max-signatures');
});

it('a copy within one registry mounts what is there', async () => {
  await pack('mounted');
  const { code, stdout } = await run([
    'copy',
    '--json',
    `${desk.host}/net-monitor:mounted`,
    `${desk.host}/mirror:mounted`,
  ]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ mounted: { nodes: 2 } });
});

it('keeps two accounts of one registry apart', async () => {
  await pack('apart');
  const auth = (name: string): string => Buffer.from(`${name}:${account.password}`).toString('base64');
  const auths = {
    [`${desk.host}/net-monitor`]: { auth: auth(account.username) },
    [`${desk.host}/other`]: { auth: auth('stranger') },
  };
  await writeFile(join(desk.folder, 'accounts.json'), JSON.stringify({ auths }));
  const refused = await run(['copy', `${desk.host}/net-monitor:apart`, `${desk.host}/other:apart`], {
    DOCKER_CONFIG: join(desk.folder, 'none'),
    DOCKER_AUTH_CONFIG: JSON.stringify({ auths }),
  });
  expect(refused).toMatchObject({ code: 3, stdout: '' });
});

it('the proxy of the environment is asked for registries', async () => {
  const seen: string[] = [];
  const proxy = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    response.writeHead(502).end();
  });
  proxy.on('connect', (request, socket) => {
    seen.push(`CONNECT ${request.url}`);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const env = { HTTP_PROXY: url, HTTPS_PROXY: url, http_proxy: url, https_proxy: url, NO_PROXY: '', no_proxy: '' };
  expect(await run(['list', 'registry.test/a:v1'], env)).toMatchObject({ code: 3 });
  expect(new Set(seen)).toEqual(new Set(['CONNECT registry.test:443']));
  proxy.close();
});

it('reads through the mirrors of registries.conf and of hosts.toml', async () => {
  await pack('mirrored');
  const image = `${desk.host}/net-monitor:mirrored`;
  expect(await run(['sign', image])).toMatchObject({ code: 0 });
  const moved = join(desk.folder, 'moved.conf');
  await writeFile(moved, `[[registry]]\nprefix = "public.example.com"\nlocation = "${desk.host}"\n`);
  const listed = await run(['list', '--json', '--registries-conf', moved, 'public.example.com/net-monitor:mirrored']);
  expect(listed).toMatchObject({ code: 0, stderr: '' });
  const tree = JSON.parse(listed.stdout) as { digest: string; referrers: unknown[] };
  expect([tree.digest, tree.referrers.length]).toEqual([(await desk.repository.resolve('mirrored')).digest, 1]);
  const hosts = join(desk.folder, 'certs.d');
  await mkdir(join(hosts, '_default'), { recursive: true });
  await writeFile(
    join(hosts, '_default', 'hosts.toml'),
    `[host."http://${desk.host}/v2/mirror"]\noverride_path = true\n`,
  );
  const identity = 'x509.subject:C=US,ST=WA,O=Wabbit Networks';
  const policy = ['--name', 'wabbit', '--trust-store', 'ca:wabbit-networks', '--trusted-identity', identity];
  expect(await run(['policy', 'init', ...policy])).toMatchObject({ code: 0 });
  expect(await run(['verify', '--hosts-dir', hosts, image])).toMatchObject({ code: 0 });
  const blocking = join(desk.folder, 'blocking.conf');
  await writeFile(blocking, `[[registry]]\nlocation = "${desk.host}"\nblocked = true\n`);
  const blocked = await run(['verify', '--json', '--registries-conf', blocking, image]);
  expect(blocked.code).toBe(3);
  expect(blocked.stdout + blocked.stderr).toContain('ERR_REGISTRY_BLOCKED');
  const wrong = [
    ['verify', '--registries-conf', moved, '--hosts-dir', hosts, image],
    ['list', '--oci-layout', '--hosts-dir', hosts, 'layout.tar:v1'],
    ['sign', '--hosts-dir', hosts, image],
  ];
  for (const words of wrong) expect(await run(words)).toMatchObject({ code: 2 });
});

it('insecureRegistries of notation applies to mirrors, and only to the listed hosts', async () => {
  await pack('plain');
  const { port } = new URL(`http://${desk.host}`);
  const host = `registry.test:${port}`;
  const configuration = join(desk.folder, 'insecure');
  await mkdir(configuration);
  await writeFile(join(configuration, 'config.json'), JSON.stringify({ insecureRegistries: [host] }), { mode: 0o600 });
  const auth = Buffer.from(`${account.username}:${account.password}`).toString('base64');
  const auths = { [host]: { auth }, [`other.test:${port}`]: { auth } };
  const env = { NOTATION_CONFIG: configuration, DOCKER_AUTH_CONFIG: JSON.stringify({ auths }) };
  const list = async (text?: string) => {
    const path = join(desk.folder, 'plain.conf');
    await writeFile(path, text ?? '');
    const through = text === undefined ? [] : ['--registries-conf', path];
    const fixed = [host, `other.test:${port}`].flatMap((place) => ['--resolve', `${place}:127.0.0.1`]);
    return await run(['list', ...through, ...fixed, `${host}/net-monitor:plain`], env);
  };
  expect(await list()).toMatchObject({ code: 0 });
  expect(await list('')).toMatchObject({ code: 0 });
  const moved = await list(`[[registry]]\nprefix = "${host}"\nlocation = "other.test:${port}"\n`);
  expect(moved).toMatchObject({ code: 3, stderr: expect.stringContaining('https://other.test') });
});

it('stores a signature under a referrers tag, too, on request', async () => {
  await pack('tagged');
  const image = `${desk.host}/net-monitor:tagged`;
  const tag = (await desk.repository.resolve('tagged')).digest.replace(':', '-');
  const tags = async (): Promise<readonly string[]> => {
    const found: string[] = [];
    for await (const name of desk.repository.tags()) found.push(name);
    return found;
  };
  expect(await run(['sign', '--force-referrers-tag=false', image])).toMatchObject({ code: 0 });
  expect(await tags()).not.toContain(tag);
  expect(await run(['sign', '--force-referrers-tag=true', image])).toMatchObject({ code: 0 });
  expect(await tags()).toContain(tag);
  const layout = await run(['sign', '--force-referrers-tag', 'true', '--oci-layout', 'layout:v1']);
  expect(layout).toMatchObject({ code: 2, stderr: expect.stringContaining('--force-referrers-tag has no effect') });
});

it('lists as many signatures as requested', async () => {
  await pack('listed');
  const image = `${desk.host}/net-monitor:listed`;
  for (const _ of [1, 2]) expect(await run(['sign', image])).toMatchObject({ code: 0 });
  const count = async (...words: string[]) => {
    const { stdout } = await run(['ls', '--output', 'json', ...words, image]);
    return (JSON.parse(stdout) as { referrers: unknown[] }).referrers.length;
  };
  expect([await count(), await count('--max-signatures', '1'), await count('--max-signatures', '2')]).toEqual([
    2, 1, 2,
  ]);
  const reported = await run(['ls', '--max-signatures', '1', image]);
  expect(reported.stderr).toContain('--max-signatures');
});
