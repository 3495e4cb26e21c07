import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createEmbeddedRegistry, type EmbeddedRegistry } from '@notarykit/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { peer } from '../../scripts/peers.mjs';
import { bundleForRuntime, bundleForWorker } from '../support/browser-bundle.ts';
import { succeed } from './support/program.ts';

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

describe('deno', () => {
  test('transfers arrive in order or end in a coded error', async () => {
    const script = join(folder, 'transfers.mjs');
    await writeFile(script, await bundleForRuntime(entry('transfers.ts')));
    const deno = ['run', '--quiet', '--no-lock', '--no-config', '-A', script, host, oddHost()];
    const output = await succeed(process.execPath, [await peer('deno'), ...deno], {
      env: { DENO_NO_UPDATE_CHECK: '1' },
    });
    expect(JSON.parse(output)).toEqual(transfers);
  });
});

describe('bun', () => {
  test('transfers arrive in order or end in a coded error', async () => {
    const script = join(folder, 'transfers.mjs');
    await writeFile(script, await bundleForRuntime(entry('transfers.ts')));
    expect(JSON.parse(await succeed(await peer('bun'), [script, host, oddHost()]))).toEqual(transfers);
  });

  test('a webhook lets in whom it should, and says that its certificate cannot be changed', async () => {
    const script = join(folder, 'webhook.mjs');
    await writeFile(script, await bundleForRuntime(entry('webhook.ts')));
    expect(JSON.parse(await succeed(await peer('bun'), [script, folder]))).toEqual({
      'the right client certificate': '200',
      'no client certificate': 'refused',
      'one of another authority': 'refused',
      'TLS 1.2': 'refused',
      reload: 'ERR_ADMISSION_CONFIG',
    });
  });
});

describe('workerd', () => {
  test("the platform's own fetch is a transport", async () => {
    const accounts = [{ username: 'wabbit', password: 'carrot' }];
    const guarded = createEmbeddedRegistry({ auth: { scheme: 'token', accounts } });
    const { host: behind } = await guarded.listen();
    try {
      await writeFile(join(folder, 'worker.mjs'), await bundleForWorker(entry('worker.ts')));
      await writeFile(join(folder, 'worker.capnp'), workerOf({ PLAIN: host, TOKEN: behind, ODD: oddHost() }));
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

/** Cap'n Proto of a worker that may reach this machine. */
function workerOf(bindings: Readonly<Record<string, string>>): string {
  const texts = Object.entries(bindings).map(([name, text]) => `(name = "${name}", text = "${text}")`);
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [
  (name = "main", worker = .main),
  (name = "internet", network = (allow = ["public", "private", "local"])),
]);
const main :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "worker.mjs")],
  bindings = [${texts.join(', ')}],
  compatibilityDate = "2026-11-01",
  globalOutbound = "internet",
);
`;
}
