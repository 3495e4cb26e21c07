import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createAuthority, createEmbeddedRegistry, type EmbeddedRegistry } from '@notarykit/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { peer } from '../../scripts/peers.mjs';
import { bundleForRuntime, bundleForWorker } from '../support/browser-bundle.ts';
import { runProgram, succeed } from './support/program.ts';
import { workerConfig } from './support/workerd.ts';

const entry = (name: string): string => fileURLToPath(new URL(`./support/${name}`, import.meta.url));

let folder: string;
let registry: EmbeddedRegistry;
let host: string;
/** A server that answers 101 unasked. */
let odd: Server;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notarykit-runtime-'));
  registry = createEmbeddedRegistry();
  ({ host } = await registry.listen());
  odd = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.write('HTTP/1.1 101 X\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'));
  });
  odd.listen(0, '127.0.0.1');
  await once(odd, 'listening');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
  odd.close();
  await registry.close();
});
const oddHost = (): string => `127.0.0.1:${(odd.address() as AddressInfo).port}`;

const transfers = {
  push: 'done',
  whole: 'true',
  range: 'true',
  'source that fails': expect.stringMatching(/^ERR_REGISTRY_/),
  'source of other content': 'ERR_OCI_DIGEST_MISMATCH',
  '101': expect.stringMatching(/^ERR_REGISTRY_/),
  'bare fetch': 'done',
};

/** Runs a bundled program of ours in Deno, with these permissions and arguments. */
async function inDeno(bundle: string, permissions: readonly string[], ...args: string[]): Promise<Command> {
  const script = join(folder, 'program.mjs');
  await writeFile(script, bundle);
  const deno = ['run', '--quiet', '--no-prompt', '--no-lock', '--no-config', ...permissions];
  return { path: process.execPath, args: [await peer('deno'), ...deno, script, ...args] };
}

async function inBun(bundle: string, ...args: string[]): Promise<Command> {
  const script = join(folder, 'program.mjs');
  await writeFile(script, bundle);
  return { path: await peer('bun'), args: [script, ...args] };
}

interface Command {
  readonly path: string;
  readonly args: readonly string[];
}

const quietly = { DENO_NO_UPDATE_CHECK: '1' };
const outputOf = ({ path, args }: Command): Promise<string> => succeed(path, args, { env: quietly });

const plugin = (): Promise<string> =>
  bundleForRuntime(fileURLToPath(new URL('../support/plugin/signing-plugin.ts', import.meta.url)));

/** What a plugin that prints to the console answers to `describe-key`. */
async function describedBy({ path, args }: Command) {
  const { pem, privateKeyPem } = await (await createAuthority()).issueLeaf({ keySpec: 'EC-384' });
  await writeFile(join(folder, 'ec.key'), privateKeyPem);
  await writeFile(join(folder, 'ec.crt'), pem);
  const input = JSON.stringify({ contractVersion: '1.0', keyId: 'ec', pluginConfig: { noise: 'a log line' } });
  return await runProgram(path, args, { env: { ...quietly, PLUGIN_KEYS: folder }, input });
}
const described = {
  code: 0,
  stdout: '{"keyId":"ec","keySpec":"EC-384"}',
  stderr: 'a log line\na log line\nWarning: a log line\n',
};

describe('deno', () => {
  test('transfers arrive in order or end in a coded error', async () => {
    const program = await inDeno(await bundleForRuntime(entry('transfers.ts')), ['-A'], host, oddHost());
    expect(JSON.parse(await outputOf(program))).toEqual(transfers);
  });

  test('a gate policy in YAML needs no permission', async () => {
    expect(await outputOf(await inDeno(await bundleForRuntime(entry('gate-policy.ts')), []))).toBe('production\n');
  });

  test('a plugin keeps the console apart from its answer', async () => {
    expect(await describedBy(await inDeno(await plugin(), ['-A'], 'describe-key'))).toEqual(described);
  });
});

describe('bun', () => {
  test('transfers arrive in order or end in a coded error', async () => {
    const program = await inBun(await bundleForRuntime(entry('transfers.ts')), host, oddHost());
    expect(JSON.parse(await outputOf(program))).toEqual(transfers);
  });

  test('a webhook admits what it should, and reports that its certificate cannot be replaced', async () => {
    const program = await inBun(await bundleForRuntime(entry('webhook.ts')), folder);
    expect(JSON.parse(await outputOf(program))).toEqual({
      'the right client certificate': '200',
      'no client certificate': 'refused',
      'one of another authority': 'refused',
      'TLS 1.2': 'refused',
      reload: 'ERR_ADMISSION_CONFIG',
    });
  });

  test('a plugin keeps the console apart from its answer', async () => {
    expect(await describedBy(await inBun(await plugin(), 'describe-key'))).toEqual(described);
  });
});

describe('workerd', () => {
  test("the platform's own fetch is a transport", async () => {
    const accounts = [{ username: 'wabbit', password: 'carrot' }];
    const guarded = createEmbeddedRegistry({ auth: { scheme: 'token', accounts } });
    const { host: behind } = await guarded.listen();
    try {
      await writeFile(join(folder, 'worker.mjs'), await bundleForWorker(entry('worker.ts')));
      await writeFile(join(folder, 'worker.capnp'), workerConfig({ PLAIN: host, TOKEN: behind, ODD: oddHost() }));
      const output = await succeed(await peer('workerd'), ['test', join(folder, 'worker.capnp')]);
      expect(JSON.parse(output)).toEqual({
        published: 'trusted',
        'published with a token': 'trusted',
        copied: 'trusted',
        'large stream': '9437184',
        'stream of unknown size': '1000000',
        '101': expect.stringMatching(/^ERR_REGISTRY_/),
        'whole list of referrers': '1',
      });
    } finally {
      await guarded.close();
    }
  });
});
