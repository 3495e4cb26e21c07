import { chmod, copyFile, mkdir, readdir } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { peer } from '../../scripts/peers.mjs';
import { imagesOf, type Node, setUpNode } from '../support/verifier-node.js';
import { succeed } from './support/program.js';

interface Answer {
  readonly ok: boolean;
  readonly reason?: string;
  /** There is no judgement. */
  readonly error?: string;
}

let program: string;
let node: Node;
beforeAll(async () => {
  [program, node] = await Promise.all([peer('containerd-bindir'), setUpNode()]);
  await mkdir(binDir());
  await copyFile('packages/containerd-verifier/dist/notarykit-containerd-verifier.cjs', join(binDir(), 'notarykit'));
  await chmod(join(binDir(), 'notarykit'), 0o755);
});
afterAll(() => node.close());

const binDir = (): string => join(node.folder, 'bin');

/** Asks containerd's plugin, which is set up as by config.toml, whether it may pull an image. */
async function ask(name: string, descriptor: object, timeout = '200s'): Promise<Answer> {
  const config = `bin_dir = '${binDir()}'\nmax_verifiers = 10\nper_verifier_timeout = '${timeout}'\n`;
  const input = JSON.stringify({ config, name, descriptor });
  return JSON.parse(await succeed(program, [], { input, env: node.env })) as Answer;
}

/** A registry that takes connections and says nothing. */
async function silentRegistry(): Promise<{ readonly host: string; close(): void }> {
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

describe('containerd-bindir', () => {
  it('ok: a signed image is pulled, by tag, by digest and by both', async () => {
    const { signed } = node.image;
    for (const name of [':signed', `@${signed.digest}`, `:signed@${signed.digest}`])
      expect([name, await ask(`${imagesOf(node)}${name}`, signed)]).toMatchObject([
        name,
        { ok: true, reason: expect.stringMatching(/^notarykit => trusted: .* signed by .*, statement "lab"/) },
      ]);
  });

  it('ok: what containerd adds to a descriptor changes nothing', async () => {
    const annotations = { 'org.example.note': '<"&>', 'containerd.io/distribution.source.a.test': 'net-monitor' };
    const platform = { os: 'linux', architecture: 'amd64', variant: 'v2' };
    const descriptor = { ...node.image.signed, annotations, platform };
    expect(await ask(`${imagesOf(node)}:signed`, descriptor)).toMatchObject({ ok: true });
  });

  it('refused: an unsigned image is not pulled, and containerd has the reason', async () => {
    const answer = await ask(`${imagesOf(node)}:unsigned`, node.image.unsigned);
    expect(answer).toMatchObject({ ok: false, reason: expect.stringContaining('(exit code 1): refused: ') });
    expect(answer.reason).toContain('ERR_TRUST_NO_SIGNATURE');
  });

  it('unreadable: an unreadable request or unreadable settings end the pull', async () => {
    const unreadable = await ask('net-monitor:signed', node.image.signed);
    expect(unreadable).toMatchObject({ ok: false, reason: expect.stringContaining('(exit code 2)') });
    await node.write({ 'config/verifier.json': '{' });
    const broken = await ask(`${imagesOf(node)}:signed`, node.image.signed);
    expect(broken).toMatchObject({ ok: false, reason: expect.stringContaining('ERR_VERIFIER_SETTINGS') });
    await node.settings({});
  });

  it('slow: the verifier ends by its own limit, with a reason', async () => {
    const { host, close } = await silentRegistry();
    await node.settings({ timeoutSeconds: 1 });
    const answer = await ask(`${host}/net-monitor:signed`, node.image.signed);
    expect(answer).toMatchObject({ ok: false, reason: expect.stringContaining('timed out after 1 s') });
    await node.settings({});
    close();
  });

  it('slow: ended by containerd, it refuses and leaves no partial file', async () => {
    const { host, close } = await silentRegistry();
    const answer = await ask(`${host}/net-monitor:signed`, node.image.signed, '1s');
    expect(answer).toMatchObject({ ok: false, error: expect.stringContaining('failed to call verifier notarykit') });
    const left = await readdir(join(node.folder, 'cache'), { recursive: true });
    expect(left.filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(await ask(`${imagesOf(node)}:signed`, node.image.signed)).toMatchObject({ ok: true });
    close();
  });
});
