import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { makeStartCase } from './start/case.js';
import { measureStarts } from './start/measure.js';

// What a user waits for before anything happens: the whole process of the command beside notation and a bare Node, and imports.

/** The pinned notation, where the machine has it or can have it. */
function notation(): string | undefined {
  const { status, stdout } = spawnSync(process.execPath, ['scripts/peers.mjs', 'notation'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim().replace('notation: ', '') : undefined;
}

const ms = (value: number): string => `${value.toFixed(0)} ms`;

async function command(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-start-'));
  try {
    const { words, env } = await makeStartCase(folder);
    const ours = process.env['NOTARYKIT_COMMAND'] ?? resolve('packages/cli/bin/notarykit.js');
    const peer = notation();
    const programs = [
      { name: 'bare', command: [process.execPath, '-e', '0'] },
      { name: 'ours', command: [process.execPath, ours, ...words], env },
      ...(peer === undefined ? [] : [{ name: 'notation', command: [peer, ...words], env }]),
    ];
    const figures = measureStarts(programs, 9);
    const figure = (name: string): { wall: number; cpu: number } => figures.get(name) ?? { wall: 0, cpu: 0 };
    const beside = (kind: 'wall' | 'cpu'): string =>
      `bare Node ${ms(figure('bare')[kind])}, notation ${peer === undefined ? 'not measured' : ms(figure('notation')[kind])}`;
    console.log(`start.verify.wall: ${ms(figure('ours').wall)} (goal <= 120 ms); ${beside('wall')}`);
    const ratio = (figure('ours').cpu / figure('bare').cpu).toFixed(2);
    console.log(`start.verify.cpu: ${ratio} x bare Node (goal <= 2.0); ${ms(figure('ours').cpu)}, ${beside('cpu')}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Milliseconds that the first `import` of an entry takes in a process: the least of some. */
function importTime(entry: string): number {
  const script = `const start = performance.now(); await import(${JSON.stringify(entry)}); console.log(performance.now() - start);`;
  const once = (): number =>
    Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', cwd: 'bench' }));
  return Math.min(...Array.from({ length: 7 }, once));
}

/** Goals of the entries that have one; the others are printed. */
const goals: Readonly<Record<string, number>> = {
  notarykit: 40,
  '@notarykit/signature-envelope': 60,
  '@notarykit/trust-policy': 40,
  '@notarykit/registry-client': 40,
};

function imports(): void {
  const require = createRequire(resolve('bench/package.json'));
  const { dependencies } = JSON.parse(readFileSync(require.resolve('./package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  for (const name of Object.keys(dependencies).filter((each) => /^(@notarykit\/|notarykit$)/.test(each))) {
    if (name === '@notarykit/testing' || name === '@notarykit/kms-providers') continue;
    const goal = goals[name] === undefined ? '' : ` (goal <= ${goals[name]} ms)`;
    console.log(`start.import.${name.replace('@notarykit/', '')}: ${importTime(name).toFixed(1)} ms${goal}`);
  }
}

await command();
imports();
