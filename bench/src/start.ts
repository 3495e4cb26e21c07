import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
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

/** Milliseconds that the first `import` of a file takes in a process: the least of some. */
function importTime(file: string): number {
  const entry = JSON.stringify(pathToFileURL(file));
  const script = `const start = performance.now(); await import(${entry}); console.log(performance.now() - start);`;
  const once = (): number => Number(execFileSync(process.execPath, ['--input-type=module', '-e', script]));
  return Math.min(...Array.from({ length: 7 }, once));
}

/** Goals in milliseconds of the entries that have one. */
const goals: Readonly<Record<string, number>> = { notarykit: 40, 'signature-envelope': 60 };

function imports(): void {
  for (const folder of readdirSync('packages')) {
    const { exports = {} } = JSON.parse(readFileSync(join('packages', folder, 'package.json'), 'utf8')) as {
      exports?: Record<string, { default?: string } | undefined>;
    };
    const file = exports['.']?.default;
    if (file === undefined) continue;
    const goal = goals[folder] === undefined ? '' : ` (goal <= ${goals[folder]} ms)`;
    console.log(`start.import.${folder}: ${importTime(resolve('packages', folder, file)).toFixed(1)} ms${goal}`);
  }
}

await command();
imports();
