import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { peer } from '../../scripts/peers.mjs';
import { temporaryFolder } from './support/folder.ts';
import { runProgram, succeed } from './support/program.ts';

const page = readFileSync(new URL('../../docs/push-by-digest.md', import.meta.url), 'utf8');
/** The commands of the page, each on one line. */
const commands = [...page.matchAll(/```sh\n([^`]*)```/g)].flatMap(([, block = '']) => block.trim().split('\n'));
const commandsOf = (program: string): readonly string[][] =>
  commands.filter((line) => line.startsWith(`${program} `)).map((line) => line.split(' ').slice(1));

/** A program that reads its options and then finds no service: that is all that it can complain about. */
interface Client {
  readonly nowhere: readonly string[];
  readonly complaint: RegExp;
}

const clients: Readonly<Record<'buildctl' | 'ctr', Client>> = {
  buildctl: { nowhere: ['--addr', 'unix:///nowhere.sock', '--timeout', '1'], complaint: /dial unix \/nowhere\.sock/ },
  ctr: { nowhere: ['--address', '/nowhere.sock', '--connect-timeout', '100ms'], complaint: /nowhere\.sock|image\.tar/ },
};

const folder = temporaryFolder();

describe.each(Object.entries(clients))('builders-read-the-page: %s', (name, { nowhere, complaint }) => {
  let program: string;
  beforeAll(async () => {
    program = await peer(name);
  });
  const run = async (args: readonly string[]) => {
    const cwd = mkdtempSync(join(folder, 'build-'));
    writeFileSync(join(cwd, 'source-policy.json'), '{"version":1,"rules":[]}');
    return await runProgram(program, [...nowhere, ...args], { cwd });
  };

  test('reads every option of the page', async () => {
    expect(commandsOf(name)).not.toEqual([]);
    for (const args of commandsOf(name)) {
      const { code, stdout, stderr } = await run(args);
      expect(code).not.toBe(0);
      expect(stderr).toMatch(complaint);
      expect(`${stdout}${stderr}`).not.toContain('not defined');
    }
  });

  test('refuses an option that it does not know, so that the test above can fail', async () => {
    for (const [first = '', ...rest] of commandsOf(name)) {
      const command = name === 'ctr' ? [first, rest[0] ?? '', '--none', ...rest.slice(1)] : [first, '--none', ...rest];
      const { stdout, stderr } = await run(command);
      expect(`${stdout}${stderr}`).toContain('not defined');
    }
  });
});

describe('builders-read-the-page: the image exporter of BuildKit', () => {
  test('knows every key of an output', async () => {
    const outputs = commands.flatMap((line) => /--output (\S+)/.exec(line)?.[1] ?? []);
    const keys = outputs.flatMap((output) => output.split(',').map((field) => field.split('=', 1)[0] ?? ''));
    const exporter = [...new Set(keys)].filter((key) => key !== 'type');
    expect(outputs).toHaveLength(2);
    const input = JSON.stringify({ exporter: [...exporter, 'push-by-tag'] });
    const answer = await succeed(await peer('buildkit-dockerfile'), [], { input });
    expect(JSON.parse(answer)).toEqual({ images: exporter });
  });
});
