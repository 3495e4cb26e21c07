import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { packArtifact } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { createRegistry } from '@notarykit/registry-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { account, setUpDesk } from '../../../examples/cli-session/src/session/desk.js';
import { commands } from '../../../packages/cli/src/commands/index.js';
import { version } from '../../../packages/cli/src/version.js';
import { type Bundle, bundle } from '../../support/bundle.js';
import { pluginScript } from '../../support/plugin/hostile.js';
import { createPluginFolder } from '../../support/plugin/lab.js';
import { type Ended, runProgram } from '../../support/run-program.js';

let tool: Bundle;
beforeAll(async () => {
  tool = await bundle('packages/cli/src/notarykit.ts');
});
afterAll(() => tool.remove());

describe('the command-line tool', () => {
  it.each([
    ['session', 'packages/cli/README.md'],
    ['release', 'examples/cli-session/README.md'],
  ])('plays the %s of %s', async (session, page) => {
    const program = await bundle('examples/cli-session/src/main.ts');
    const { code, stdout, stderr } = await runProgram(program.path, [session, tool.path]);
    await program.remove();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toContain('\u001b[');
    const typed = (text: string) => [...text.matchAll(/^\$ (.*)$/gm)].map(([, command]) => command);
    expect(typed(await readFile(page, 'utf8'))).toEqual(typed(stdout));
    expect(typed(stdout).length).toBeGreaterThan(15);
  });

  it.each(commands.map(({ usage, options }) => [usage, options] as const))('%s --help', async (usage, options) => {
    const words = (usage.split(/ [<[]/)[0] ?? '').split(' ');
    const { code, stdout, stderr } = await runProgram(tool.path, [...words, '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Usage: notarykit ${usage}`);
    for (const name of Object.keys(options)) expect(stdout).toContain(`--${name}`);
    expect(stdout).toContain('Examples:');
  });

  it.each([[[]], [['--help']], [['help']]])('%j lists the commands', async (words) => {
    const { code, stdout, stderr } = await runProgram(tool.path, words);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const { usage } of commands) expect(stdout).toContain(`  ${usage.split(' ')[0]} `);
  });

  it.each(['--version', '-V'])('%s', async (option) => {
    expect(await runProgram(tool.path, [option])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('a wrong command line is one JSON document, too', async () => {
    const { code, stdout, stderr } = await runProgram(tool.path, ['verify', '--json', '--nonsense']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'ERR_USAGE' } });
  });
});

describe('command lines with errors', () => {
  let desk: Awaited<ReturnType<typeof setUpDesk>>;
  beforeAll(async () => {
    desk = await setUpDesk();
  });
  afterAll(() => desk.close());
  const run = (...words: string[]): Promise<Ended> => runProgram(tool.path, words, { cwd: desk.folder, env: desk.env });

  it.each([
    [['verify'], 'the command is "verify <reference>"'],
    [['verify', 'a.test/b:v1', 'a.test/c:v1'], 'Expected 1 argument but got 2'],
    [['verify', 'net-monitor'], '--oci-layout'],
    [['verify', 'nginx'], 'docker.io/library/nginx'],
    [['verify', 'docker://a.test/b:v1'], 'leave "docker://" out'],
    [['list', 'https://a.test/b:v1'], 'leave "https://" out'],
    [['tag', 'a.test/b:v1', 'bad tag'], 'bad tag'],
    [['copy', 'a.test/b:v1', `a.test/c@sha256:${'0'.repeat(64)}`], 'expected a tag'],
    [['copy', 'oci://a.test/b:v1', 'a.test/c:v1'], 'leave "oci://" out'],
    [['verify', '--nonsense', 'a.test/b:v1'], '--nonsense'],
    [['verify', '--scpe', 'a.test/b', 'a.test/b:v1'], 'Did you mean --scope'],
    [['verfy', 'a.test/b:v1'], 'Did you mean verify'],
    [['verify', 'a.test/b:v1', '--scope'], 'argument missing'],
    [['verify', '--scope', '--max-signatures', '3', 'a.test/b:v1'], 'is the value left out'],
    [['verify', '--oci-layout=yes', 'a.test/b:v1'], '--oci-layout=yes'],
    [['verify', '--oci-layout', 'net-monitor:v1'], '--scope'],
    [['audit', '--oci-layout', 'net-monitor'], '--scope'],
    [['policy', 'lnt'], 'Did you mean lint'],
    [['blob', 'signs'], 'See "notarykit blob --help"'],
    [['promote', '--sign-in', 'tagret', 'a.test/b:v1', 'a.test/c:v1'], 'source, target'],
    [['sign', 'registry.test/net-monitor'], 'add ":tag" or "@digest"'],
    [['sign', '--key', 'lost', 'registry.test/net-monitor:v1'], 'name one of build with --key'],
    [['sign', '--platforms', 'all', 'registry.test/net-monitor:v1'], 'index, children, both'],
    [
      ['sign', '--platforms', 'both', '--file', 'a:b/c', '--artifact-type', 'a/b', '--subject', 'r.test/n:v1'],
      '--platforms',
    ],
    [['sign', '--expiry', 'soon', 'registry.test/net-monitor:v1'], '24h or 30d'],
    [['sign', '--file', 'sbom.json:application/json', '--artifact-type', 'a/b'], '--subject'],
    [['sign', '--signature-format', 'pgp', 'registry.test/net-monitor:v1'], '"jws" or "cose"'],
    [['sign', '--key-file', 'key.pem', 'registry.test/net-monitor:v1'], 'belong together'],
    [['audit', '--at', 'soon', 'registry.test/net-monitor'], '2027-01-31'],
    [['audit', '--within', 'soon', 'registry.test/net-monitor'], '24h or 30d'],
    [['audit', '--concurrency', '0', 'registry.test/net-monitor'], '1 to 99'],
    [['sign', '--id', 'key-1', 'registry.test/net-monitor:v1'], 'belong together'],
    [['sign', '--id', 'key-1', '--plugin', 'p', '--key', 'build', 'registry.test/net-monitor:v1'], 'only one of'],
    [['sign', '--id', 'a', '--plugin', 'p', '--plugin-config', 'b', 'registry.test/net-monitor:v1'], 'name=value'],
    [['policy', 'init', '--name', 'x'], '--trust-store'],
    [['policy'], 'init [options]'],
    [['blob', 'inspect', 'sbom.json'], '.jws.sig'],
  ])('%j', async (words, hint) => {
    const { code, stdout, stderr } = await run(...words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(hint);
  });

  it.each([
    [['blob', 'inspect', 'junk.jws.sig'], 'junk.jws.sig: '],
    [['policy', 'lint', 'sbom.json'], 'sbom.json: '],
    [['policy', 'diff', 'sbom.json', 'sbom.json'], 'sbom.json: '],
    [['sign', '--timestamp-url', 'http://a.test', '--timestamp-root-cert', 'sbom.json', 'a.test/b:v1'], 'sbom.json: '],
  ])('the file that cannot be read is named: %j', async (words, hint) => {
    await writeFile(join(desk.folder, 'junk.jws.sig'), 'junk');
    const { code, stdout, stderr } = await run(...words);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain(hint);
  });

  it('a file that is not there, and a policy that is', async () => {
    const missing = await run('policy', 'show');
    expect(missing).toMatchObject({ code: 3, stderr: expect.stringContaining('trustpolicy.oci.json') });
    const init = ['policy', 'init', '--name', 'x', '--trust-store', 'ca:wabbit-networks', '--trusted-identity', '*'];
    expect(await run(...init)).toMatchObject({ code: 0 });
    expect(await run(...init)).toMatchObject({ code: 2, stderr: expect.stringContaining('--force') });
    const policy = join(desk.env.NOTATION_CONFIG, 'trustpolicy.json');
    expect(await run('policy', 'diff', policy)).toMatchObject({ code: 0, stdout: 'both mean the same\n' });
    expect(await run('policy', 'import', 'sbom.json')).toMatchObject({ code: 3 });
  });

  it('with --json the answer is one document, whatever it is', async () => {
    const image = `${desk.host}/net-monitor:v1`;
    const refused = await run('verify', '--json', image);
    expect(refused).toMatchObject({ code: 1, stderr: '' });
    expect(JSON.parse(refused.stdout)).toMatchObject({
      error: {
        code: 'ERR_TRUST_NO_SIGNATURE',
        help: expect.stringMatching(/^https:\S+\/errors\/ERR_TRUST_NO_SIGNATURE$/),
      },
    });
    const signed = await run('sign', '--json', image);
    expect(JSON.parse(signed.stdout)).toMatchObject({ artifact: (await desk.repository.resolve('v1')).digest });
    const trusted = await run('verify', '--json', image);
    expect(trusted).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(trusted.stdout)).toMatchObject({ verdict: 'trusted', report: { verdict: 'trusted' } });
    const { digest } = await desk.repository.resolve('v1');
    expect(await run('verify', `${image}@${digest}`, '--json')).toMatchObject({ code: 0, stdout: expect.any(String) });
    const absent = await run('verify', '--json', `${desk.host}/net-monitor:nope`);
    expect(absent).toMatchObject({ code: 3, stderr: '' });
    expect(JSON.parse(absent.stdout)).toMatchObject({ error: { code: 'ERR_OCI_NOT_FOUND' } });
  });

  it('an error ends with the address of its page, and one of the command line with that of its help', async () => {
    const refused = await run('verify', `${desk.host}/net-monitor:nope`);
    expect(refused.stderr).toMatch(/\nmore: https:\S+\/errors\/ERR_OCI_NOT_FOUND\n$/);
    expect((await run('verify')).stderr).toMatch(/^error: [^\n]+\nSee "notarykit verify --help"\.\n$/);
  });

  it('keys behind a plugin: on demand, by name, with the environment, and with the reason of a failure', async () => {
    const image = `${desk.host}/net-monitor:v1`;
    const key = (name: string): Promise<string> => readFile(join(desk.folder, name), 'utf8');
    const leaf = { privateKeyPem: await key('key.pem'), pem: await key('chain.pem') };
    const folder = await createPluginFolder();
    // Refuses to sign without its credential, or under another configuration.
    const script = pluginScript(
      'p',
      leaf,
      `if (process.env.WABBIT_TOKEN !== 't' || asked.pluginConfig.vault !== 'v') {
        fs.writeSync(2, JSON.stringify({ errorCode: 'ACCESS_DENIED', errorMessage: 'no entry' }));
        process.exit(1);
      }`,
    );
    await folder.install('p', script);
    const { NOTATION_CONFIG } = desk.env;
    const list = JSON.parse(await readFile(join(NOTATION_CONFIG, 'signingkeys.json'), 'utf8')) as { keys: object[] };
    list.keys.push({ name: 'kms', id: 'key-1', pluginName: 'p', pluginConfig: { vault: 'v' } });
    await writeFile(join(NOTATION_CONFIG, 'signingkeys.json'), JSON.stringify(list));
    const env = { ...desk.env, NOTATION_LIBEXEC: folder.libexec, WABBIT_TOKEN: 't' };
    const sign = (...words: string[]) => runProgram(tool.path, ['sign', ...words, image], { cwd: desk.folder, env });
    expect(await sign('--id', 'key-1', '--plugin', 'p', '--plugin-config', 'vault=v')).toMatchObject({ code: 0 });
    expect(await sign('--key', 'kms')).toMatchObject({ code: 0 });
    expect(await run('verify', image)).toMatchObject({ code: 0 });
    const denied = await sign('--key', 'kms', '--plugin-config', 'vault=other');
    expect(denied).toMatchObject({ stdout: '', stderr: expect.stringContaining('no entry') });
    expect(denied.code).not.toBe(0);
    await folder.close();
  });

  it('refuses files that are not bundles, and unexpected bundles', async () => {
    const image = `${desk.host}/net-monitor:v1`;
    await run('sign', image);
    const bundle = ['bundle', 'create', '--output', 'a.tar', image];
    expect(await run('bundle', 'create', image)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--output'),
    });
    expect(await run(...bundle)).toMatchObject({ code: 0, stdout: expect.stringContaining('wrote a.tar') });
    expect(await run('bundle', 'verify', 'a.tar')).toMatchObject({ code: 0 });
    expect(await run(...bundle, '--renew', 'a.tar')).toMatchObject({ code: 0 });
    const expecting = (reference: string) => run('bundle', 'verify', '--expect', reference, 'a.tar');
    expect(await expecting(image)).toMatchObject({ code: 0, stdout: expect.stringContaining('Trusted') });
    expect(await expecting(`${desk.host}/other:v1`)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('other'),
    });
    expect(await run('bundle', 'verify', '--at', '1999-01-01T00:00:00Z', 'a.tar')).toMatchObject({ code: 1 });
    for (const wrong of [
      ['--at', 'yesterday'],
      ['--max-age', 'long'],
    ])
      expect(await run('bundle', 'verify', ...wrong, 'a.tar')).toMatchObject({ code: 2 });
    expect(await run('bundle', 'verify', 'sbom.json')).toMatchObject({ code: 3 });
    expect(await run('bundle', 'verify', 'none.tar')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('none.tar'),
    });
  });

  it('a registry that speaks another protocol is an error with its reason, never an end without a verdict', async () => {
    const odd = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () =>
        socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
      );
    });
    odd.listen(0, '127.0.0.1');
    await once(odd, 'listening');
    const { port } = odd.address() as AddressInfo;
    try {
      const { code, stderr } = await run('verify', `127.0.0.1:${port}/app:v1`);
      expect(code).toBe(3);
      expect(stderr).toContain('error: ');
    } finally {
      odd.close();
    }
  });

  it('an audit ends with 1 while something is to be looked at, with 3 when it could not look', async () => {
    const place = `${desk.host}/audited`;
    const endpoint = createRegistry({ registry: desk.host, credentials: account }).repository('audited');
    const layers = [{ mediaType: 'text/plain', content: utf8('audited') }];
    await packArtifact(endpoint, { artifactType: 'a/b', layers, tags: ['v1', 'v2'] });
    const unsigned = await run('audit', '--json', place);
    expect(unsigned).toMatchObject({ code: 1, stderr: '' });
    const { results, summary, plan } = JSON.parse(unsigned.stdout);
    expect(results).toMatchObject([
      { verdict: 'refused', problem: { code: 'ERR_TRUST_NO_SIGNATURE' }, tags: ['v1', 'v2'], cursor: 'v1' },
    ]);
    expect(summary).toMatchObject({ artifacts: { refused: 1, unsigned: 1 } });
    expect(plan).toMatchObject({
      renew: [],
      review: [{ why: 'refused', problem: { code: 'ERR_TRUST_NO_SIGNATURE' } }],
    });
    expect(await run('sign', '--expiry', '2d', `${place}:v1`)).toMatchObject({ code: 0 });
    const signed = await run('audit', place);
    expect(signed.code).toBe(0);
    expect(signed.stdout).toContain('1 artifact: 1 trusted');
    expect(signed.stdout).toContain('sign again before ');
    expect(await run('audit', '--after', 'v1', place)).toMatchObject({ code: 0, stdout: '\n0 artifacts\n' });
    expect(await run('audit', `${place}:nowhere`)).toMatchObject({ code: 3 });
  });
});
