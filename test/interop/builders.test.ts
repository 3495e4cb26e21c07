import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSourcePolicy, parseBaseImages } from 'notarykit';
import { describe, expect, test } from 'vitest';
import { peer } from '../../scripts/peers.mjs';
import { temporaryFolder } from './support/folder.ts';
import { runProgram, succeed } from './support/program.ts';

const page = readFileSync(new URL('../../docs/push-by-digest.md', import.meta.url), 'utf8');
/** The commands of the page, each on one line. */
const commands = [...page.matchAll(/```sh\n([^`]*)```/g)].flatMap(([, block = '']) => block.trim().split('\n'));
const commandsOf = (start: string): readonly string[][] =>
  commands.filter((line) => line.startsWith(`${start} `)).map((line) => line.slice(start.length + 1).split(' '));

/** What `buildSourcePolicy` makes of one verified image. */
const sourcePolicy = JSON.stringify(
  buildSourcePolicy(
    parseBaseImages('FROM registry.example.com/base:12\n').map((image) => ({
      ...image,
      verdict: { digest: `sha256:${'a'.repeat(64)}` },
    })),
  ),
);

/** A program that reads its options and then finds no service: that is all that it can complain about. */
interface Client {
  /** How the page calls it. */
  readonly called: string;
  readonly nowhere?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly complaint: RegExp;
  /** What it says of an option that it does not know. */
  readonly unknown: string;
}

const clients: Readonly<Record<'buildx' | 'buildctl' | 'ctr', Client>> = {
  buildx: {
    called: 'docker buildx',
    env: { DOCKER_HOST: 'unix:///nowhere.sock', EXPERIMENTAL_BUILDKIT_SOURCE_POLICY: 'source-policy.json' },
    complaint: /dial unix \/nowhere\.sock/,
    unknown: 'unknown flag',
  },
  buildctl: {
    called: 'buildctl',
    nowhere: ['--addr', 'unix:///nowhere.sock', '--timeout', '1'],
    complaint: /dial unix \/nowhere\.sock/,
    unknown: 'not defined',
  },
  ctr: {
    called: 'ctr',
    nowhere: ['--address', '/nowhere.sock', '--connect-timeout', '100ms'],
    complaint: /nowhere\.sock|image\.tar/,
    unknown: 'not defined',
  },
};

const folder = temporaryFolder();

async function run(name: keyof typeof clients, args: readonly string[], policy = sourcePolicy) {
  const cwd = mkdtempSync(join(folder, 'build-'));
  writeFileSync(join(cwd, 'source-policy.json'), policy);
  const { nowhere = [], env = {} } = clients[name];
  const own = { DOCKER_CONFIG: cwd, DOCKER_CONTEXT: '', BUILDX_CONFIG: cwd, BUILDX_BUILDER: '', HOME: cwd };
  return await runProgram(await peer(name), [...nowhere, ...args], { cwd, env: { ...own, ...env } });
}

describe.each(['buildx', 'buildctl', 'ctr'] as const)('builders-read-the-page: %s', (name) => {
  const { called, complaint, unknown } = clients[name];

  test('reads every option of the page', async () => {
    expect(commandsOf(called)).not.toEqual([]);
    for (const args of commandsOf(called)) {
      const { code, stdout, stderr } = await run(name, args);
      expect(code).not.toBe(0);
      expect(stderr).toMatch(complaint);
      expect(`${stdout}${stderr}`).not.toContain(unknown);
    }
  });

  test('refuses an unknown option (control for the test above)', async () => {
    for (const [first = '', ...rest] of commandsOf(called)) {
      const command = name === 'ctr' ? [first, rest[0] ?? '', '--none', ...rest.slice(1)] : [first, '--none', ...rest];
      const { stdout, stderr } = await run(name, command);
      expect(`${stdout}${stderr}`).toContain(unknown);
    }
  });
});

describe('builders-read-the-page: settings that buildx reads besides its options', () => {
  const [build = []] = commandsOf('docker buildx');

  test('the values of --provenance and --sbom', async () => {
    expect(build).toEqual(expect.arrayContaining(['--provenance', 'mode=max', '--sbom', 'true']));
    for (const value of ['mode=max', 'true']) {
      const wrong = build.map((one) => (one === value ? 'nonsense' : one));
      expect((await run('buildx', wrong)).stderr).toContain('invalid value');
    }
  });

  test('the source policy in EXPERIMENTAL_BUILDKIT_SOURCE_POLICY', async () => {
    expect(page).toContain('`EXPERIMENTAL_BUILDKIT_SOURCE_POLICY`');
    const unreadable = sourcePolicy.replace('CONVERT', 'REPLACE');
    expect(unreadable).not.toBe(sourcePolicy);
    expect((await run('buildx', build, unreadable)).stderr).toContain('failed to parse source policy');
  });
});

describe('builders-read-the-page: the image exporter of BuildKit', () => {
  test('accepts every key of an output', async () => {
    const outputs = commands.flatMap((line) => /--output (\S+)/.exec(line)?.[1] ?? []);
    const keys = outputs.flatMap((output) => output.split(',').map((field) => field.split('=', 1)[0] ?? ''));
    const exporter = [...new Set(keys)].filter((key) => key !== 'type');
    expect(outputs).toHaveLength(2);
    const input = JSON.stringify({ exporter: [...exporter, 'push-by-tag'] });
    const answer = await succeed(await peer('buildkit-dockerfile'), [], { input });
    expect(JSON.parse(answer)).toEqual({ images: exporter });
  });
});
