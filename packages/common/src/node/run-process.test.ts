import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
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

  it.runIf(process.platform === 'linux')('K6 a deadline ends descendants in sessions of their own', async () => {
    const file = join(folder, 'descendant.pid');
    const inner = 'require("fs").writeFileSync(process.argv[1], String(process.pid)); setInterval(() => {}, 1000)';
    const script = `require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(inner)}, process.argv[1]], { detached: true, stdio: "ignore" }); setInterval(() => {}, 1000)`;
    const controller = new AbortController();
    const running = runProcess(process.execPath, { args: ['-e', script, file], signal: controller.signal });
    const outcome = Promise.allSettled([running]);
    await expect.poll(() => existsSync(file) && readFileSync(file, 'utf8') !== '', { timeout: 60_000 }).toBe(true);
    controller.abort(new Error('enough'));
    await outcome;
    const pid = Number(readFileSync(file, 'utf8'));
    const state = (): string => {
      try {
        return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0] ?? 'gone';
      } catch {
        return 'gone';
      }
    };
    await expect.poll(state, { timeout: 60_000 }).toMatch(/Z|gone/);
  });

  it.each<[string, Parameters<typeof runProcess>[1]]>([
    ['a NUL in the environment', { env: { TOKEN: 'hvs.hush\0' } }],
    ['a NUL in an argument', { args: ['hvs.hush\0'] }],
    ['a variable that is not a string', { env: { TOKEN: 5 as never } }],
    ['more than the system takes', { env: { TOKEN: 'hvs.hush'.repeat(500_000) } }],
    ['a folder that is not there', { cwd: join(folder, 'none') }],
  ])('K6 %s is an error of its own, without the value', async (_, options) => {
    const error: unknown = await runProcess(process.execPath, options).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'ERR_PROCESS_START' });
    expect((error as Error).message).not.toContain('hush');
  });

  it.runIf(process.platform === 'linux')('K6 a program that is open for writing is an error of its own', async () => {
    const path = join(folder, 'busy');
    copyFileSync(process.execPath, path);
    chmodSync(path, 0o755);
    const open = openSync(path, 'r+');
    await expect(runProcess(path, { args: ['-e', ''] })).rejects.toMatchObject({ code: 'ERR_PROCESS_START' });
    closeSync(open);
  });

  it('K6 accepts an infinite limit, and refuses an invalid one', async () => {
    for (const timeoutMs of [Number.POSITIVE_INFINITY, 2 ** 31])
      expect((await node('0', { timeoutMs })).exitCode).toBe(0);
    for (const timeoutMs of [Number.NaN, -1, '5' as never])
      await expect(node('0', { timeoutMs })).rejects.toMatchObject({ code: 'ERR_CODEC_LIMIT' });
  });

  it('an abort rejects with its reason', async () => {
    const controller = new AbortController();
    const running = node('setInterval(() => {}, 1000)', { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
  });

  it('handles a program that does not exist, and one that does not read its input', async () => {
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
