import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commands } from '../../../packages/cli/src/commands/index.js';
import { partsOf } from '../../../packages/cli/src/shell/command.js';
import { runToolIn } from '../../support/abilities/command-line.js';
import { fileIn, newPath, scratch, trustedDocument } from '../../support/abilities/commands/networked.js';
import { gateDocument } from '../../support/abilities/rows/verbs.js';
import { createSetup, type Setup } from '../../support/abilities/setup.js';
import { bundle } from '../../support/bundle.js';
import { startScriptedProxy } from '../../support/scripted-proxy.js';

let setup: Setup;
beforeAll(async () => {
  setup = await createSetup();
});
afterAll(() => setup.close());

const gated = async (setup: Setup): Promise<readonly string[]> => [
  '--gate-policy',
  await fileIn(setup, 'gate.json', { ...gateDocument, output: { verifierId: 'https://gate.test' } }),
];
const index = (): Promise<string> => fileIn(setup, 'index.json', '{"schemaVersion":2,"manifests":[]}');

/** What is typed after the words of a command that asks a registry; `image` may be changed by it. */
const typed: Readonly<Record<string, (image: string) => Promise<readonly string[]> | readonly string[]>> = {
  sign: (image) => [image],
  verify: (image) => [image],
  list: (image) => [image],
  inspect: (image) => [image],
  audit: (image) => [image],
  copy: (image) => [image, `${setup.empty().name}:v1`],
  'bundle create': (image) => ['--output', newPath(setup, 'tar'), image],
  tag: (image) => [image, 'v2'],
  'base-images': async (image) => [await fileIn(setup, 'Dockerfile', `FROM ${image}\n`)],
  gate: async (image) => [...(await gated(setup)), image],
  promote: async (image) => [...(await gated(setup)), image, `${setup.empty().name}:v1`],
  'summary attest': async (image) => [...(await gated(setup)), image],
  'summary revoke': async (image) => [...(await gated(setup)), image],
  login: () => ['--username', 'wabbit', '--password', 'carrot', setup.host],
  doctor: () => [setup.host],
  publish: () => ['--artifact-type', 'a/b', `${setup.empty().name}:v1`, 'package.json:text/plain'],
  push: () => [`${setup.empty().name}:v1`, 'package.json:text/plain'],
  pull: (image) => [image],
  attach: (image) => ['--artifact-type', 'a/b', image, 'package.json:text/plain'],
  discover: (image) => [image],
  resolve: (image) => [image],
  'manifest fetch': (image) => [image],
  'manifest push': async () => [
    '--media-type',
    'application/vnd.oci.image.index.v1+json',
    `${setup.empty().name}:v1`,
    await index(),
  ],
  'manifest delete': (image) => ['--force', image],
  'plugin install': () => ['--url', '--sha256sum', '0'.repeat(64), 'https://plugins.test/p.zip'],
  'repo ls': () => [setup.host],
  'repo tags': (image) => [image],
};

// `blob sign` asks for timestamps alone, and `serve` ends by signals of the process.
const others = ['blob sign', 'serve'];
const asking = commands
  .filter(({ options }) => 'ca-file' in options)
  .map(({ usage }) => partsOf(usage).words.join(' '))
  .filter((name) => !others.includes(name));

it.each(asking)('can be interrupted while a registry does not answer: %s', { timeout: 60_000 }, async (name) => {
  const rest = await typed[name]?.(await scratch(setup));
  expect(rest, `${name}: what is typed after it?`).toBeDefined();
  const controller = new AbortController();
  const giveUp = (): void => controller.abort(new Error('given up'));
  const proxy = await startScriptedProxy({ answer: giveUp, connect: giveUp });
  try {
    const surroundings = { document: trustedDocument(setup), signal: controller.signal };
    const proxied = ['--proxy', `http://127.0.0.1:${proxy.port}`];
    const { code, text } = await runToolIn(setup, surroundings, ...name.split(' '), ...(rest ?? []), ...proxied);
    expect({ code, text }).toEqual({ code: 130, text: expect.stringContaining('given up') });
  } finally {
    await proxy.close();
  }
});

it('Ctrl+C ends the program with 130', async () => {
  const tool = await bundle('packages/cli/src/notarykit.ts');
  await writeFile(join(setup.folder, 'trustpolicy.json'), JSON.stringify(trustedDocument(setup)));
  const env = { ...process.env, NOTATION_CONFIG: setup.folder, DOCKER_CONFIG: setup.folder };
  const proxy = await startScriptedProxy({ answer: () => child.kill('SIGINT') });
  const words = ['verify', '--json', '--proxy', `http://127.0.0.1:${proxy.port}`, `${setup.repository.name}:both`];
  const child = spawn(process.execPath, [tool.path, ...words], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  const [code] = await once(child, 'close');
  await Promise.all([tool.remove(), proxy.close()]);
  expect(code).toBe(130);
  expect(JSON.parse(Buffer.concat(output).toString())).toMatchObject({ error: { code: 'ERR_INTERRUPTED' } });
});
