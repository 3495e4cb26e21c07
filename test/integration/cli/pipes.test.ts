import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from '../../support/run-program.js';
import { cliDesk, cliTool } from './desk.js';

const tool = cliTool();
const desk = cliDesk();
let image: string;
beforeAll(async () => {
  image = `${desk.host}/net-monitor:v1`;
});

/** Runs the tool while nobody reads its output. */
function unread(words: readonly string[]): Promise<{ code: number | null; stderr: string }> {
  const options = { cwd: desk.folder, env: { ...process.env, ...desk.env } };
  const child = spawn(process.execPath, [tool.path, ...words], options);
  child.stdout.destroy();
  return new Promise((resolve, reject) => {
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += String(chunk);
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stderr }));
  });
}

describe('a closed pipe is quiet', () => {
  it.each([[['sign', '--help']], [['--help']], [['--version']], [['list', '--json']]])('%j', async (words) => {
    const typed = words[0] === 'list' ? [...words, image] : words;
    expect(await unread(typed)).toEqual({ code: 0, stderr: '' });
  });

  it('the verdict does not change', async () => {
    const run = (...words: string[]) => runProgram(tool.path, words, { cwd: desk.folder, env: desk.env });
    const init = ['policy', 'init', '--name', 'x', '--trust-store', 'ca:wabbit-networks', '--trusted-identity', '*'];
    expect(await run(...init)).toMatchObject({ code: 0 });
    expect(await unread(['verify', '--json', image])).toEqual({ code: 1, stderr: '' });
    expect(await run('sign', image)).toMatchObject({ code: 0 });
    expect(await unread(['verify', image])).toEqual({ code: 0, stderr: '' });
    expect(await unread(['verify', '--nonsense', '--json'])).toEqual({ code: 2, stderr: '' });
  });
});

it('a program whose work is left lying has failed', async () => {
  // The policy is never read: nothing keeps the process, and nothing has been found out.
  const never = `import fs from 'node:fs/promises'; import { syncBuiltinESMExports } from 'node:module';
    for (const name of ['open', 'readFile']) {
      const real = fs[name];
      fs[name] = (path, ...more) => (/trustpolicy/.test(path) ? new Promise(() => {}) : real(path, ...more));
    }
    syncBuiltinESMExports();`;
  const words = ['--import', `data:text/javascript,${encodeURIComponent(never)}`, tool.path, 'verify', image];
  const child = spawn(process.execPath, words, { cwd: desk.folder, env: { ...process.env, ...desk.env } });
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(3);
});

it.skipIf(!existsSync('/dev/full'))('a full disk under the output is work that could not be done', async () => {
  const full = openSync('/dev/full', 'w');
  const child = spawn(process.execPath, [tool.path, '--version'], { stdio: ['ignore', full, 'pipe'] });
  const code = await new Promise((resolve) => child.once('close', resolve));
  closeSync(full);
  expect(code).toBe(3);
});
