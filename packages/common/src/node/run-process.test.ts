import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { utf8 } from '../bytes.js';
import { checkExecutable } from './check-executable.js';
import { runProcess } from './run-process.js';

const folder = mkdtempSync(join(tmpdir(), 'run-process-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const node = (script: string, options: Parameters<typeof runProcess>[1] = {}) =>
  runProcess(process.execPath, { args: ['-e', script], ...options });

describe('runProcess', () => {
  it('passes input, gives back output, errors and exit code', async () => {
    const script = 'process.stdin.pipe(process.stdout); console.error("e"); process.exitCode = 3';
    const { exitCode, output, errors } = await node(script, { input: utf8('hello') });
    expect([exitCode, new TextDecoder().decode(output), new TextDecoder().decode(errors)]).toEqual([3, 'hello', 'e\n']);
  });

  it('K5 hands on no secret of the environment', async () => {
    process.env['AWS_SECRET_ACCESS_KEY'] = 'secret';
    const { output } = await node('process.stdout.write(JSON.stringify(process.env))');
    expect(new TextDecoder().decode(output)).not.toContain('secret');
    delete process.env['AWS_SECRET_ACCESS_KEY'];
  });

  it('K6 endless output, on either stream', async () => {
    const endless = 'setInterval(() => process.stdout.write("x".repeat(65536)), 0)';
    await expect(node(endless, { maxOutput: 100_000 })).rejects.toMatchObject({ code: 'ERR_PROCESS_OUTPUT' });
    await expect(node(endless.replace('stdout', 'stderr'))).rejects.toMatchObject({ code: 'ERR_PROCESS_OUTPUT' });
  });

  it('K6 a deadline ends the program and what it started', async () => {
    const script =
      'require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" }); setInterval(() => {}, 1000)';
    await expect(node(script, { timeoutMs: 400 })).rejects.toMatchObject({ code: 'ERR_PROCESS_TIMEOUT' });
  });

  it('an abort rejects with its reason', async () => {
    const controller = new AbortController();
    const running = node('setInterval(() => {}, 1000)', { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
  });

  it('a program that does not exist, or does not read', async () => {
    await expect(runProcess(join(folder, 'missing'))).rejects.toMatchObject({ code: 'ERR_PROCESS_START' });
    expect((await node('process.exit(0)', { input: new Uint8Array(1_000_000) })).exitCode).toBe(0);
  });
});

describe('checkExecutable', () => {
  const put = (name: string, mode: number): string => {
    const path = join(folder, name);
    writeFileSync(path, '#!/bin/sh\n');
    chmodSync(path, mode);
    return path;
  };
  it('K5 a regular file that only its owner writes', async () => {
    expect(await checkExecutable(put('good', 0o755))).toMatchObject({ path: join(folder, 'good') });
  });
  it.each([
    ['relative', () => 'good'],
    ['missing', () => join(folder, 'none')],
    ['not executable', () => put('plain', 0o644)],
    ['writable by all', () => put('open', 0o777)],
    ['a folder', () => folder],
    [
      'a symbolic link',
      () => {
        symlinkSync(put('target', 0o755), join(folder, 'link'));
        return join(folder, 'link');
      },
    ],
  ])('K5 refused: %s', async (_, path) => {
    await expect(checkExecutable(path())).rejects.toMatchObject({ code: 'ERR_PROCESS_START' });
  });
});
