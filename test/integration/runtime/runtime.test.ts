import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bundle, bundle } from '../../support/bundle.js';
import { runProgram } from '../../support/run-program.js';

const open = (name: string): Promise<Bundle> => bundle(fileURLToPath(new URL(`./${name}.ts`, import.meta.url)));

describe('the environment does not change a verdict', () => {
  let program: Bundle;
  let plain: string;
  beforeAll(async () => {
    program = await open('verdicts');
    plain = await run();
  });
  afterAll(() => program.remove());

  async function run(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<string> {
    const { code, stdout, stderr } = await runProgram(program.path, args, { env: { TZ: 'UTC', LANG: 'C', ...env } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  }

  it('the table holds trusted, refused and malformed inputs', () => {
    expect(plain.match(/: trusted$/gm)?.length).toBeGreaterThan(2);
    expect(plain.match(/: refused$/gm)?.length).toBeGreaterThan(10);
    expect(plain.match(/: ERR_[A-Z_]+$/gm)?.length).toBeGreaterThan(10);
  });

  it('X4 a polluted Object.prototype adds no member to an input', async () => {
    expect(await run(['polluted'])).toBe(plain);
  });

  it.each([
    { TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
    { TZ: 'America/St_Johns', LANG: 'ar_EG.UTF-8', LC_ALL: 'ar_EG.UTF-8' },
  ])('X7 time zone $TZ and language $LANG of the host have no effect', async (env) => {
    expect(await run([], env)).toBe(plain);
  });
});

it('X1 X2 failed, cut and cancelled calls leave no unhandled rejection, and nothing that keeps the process alive', async () => {
  const program = await open('clean-end');
  try {
    // A program that does not end by itself is ended after two minutes, without a code.
    const { code, stdout, stderr } = await runProgram(program.path);
    expect({ code, stderr, stdout }).toEqual({
      code: 0,
      stderr: '',
      stdout: '108 pieces of work, some of them done\n',
    });
  } finally {
    await program.remove();
  }
});

it('X3 ten thousand verifications leak no memory', { timeout: 600_000 }, async () => {
  const program = await open('soak');
  try {
    const { stdout } = await runProgram(program.path, [], { timeoutMs: 500_000 });
    const { trusted, grownMiB } = JSON.parse(stdout);
    expect(trusted).toBe(11_000);
    expect(grownMiB).toBeLessThan(10);
  } finally {
    await program.remove();
  }
});
