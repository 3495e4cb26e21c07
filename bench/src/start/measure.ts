import { spawnSync } from 'node:child_process';

/** Milliseconds of a whole process. */
export interface StartFigures {
  readonly wall: number;
  /** User and system time. */
  readonly cpu: number;
}

/** A process to start. */
export interface Program {
  readonly name: string;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const runsPerTurn = 4;

/** Starts each program in turns, so that a busy machine slows all of them; the least disturbed turn counts. */
export function measureStarts(programs: readonly Program[], turns: number): ReadonlyMap<string, StartFigures> {
  const best = new Map<string, StartFigures>();
  for (let turn = 0; turn < turns; turn++)
    for (const program of programs) {
      const { wall, cpu } = startOften(program);
      const known = best.get(program.name) ?? { wall, cpu };
      best.set(program.name, { wall: Math.min(wall, known.wall), cpu: Math.min(cpu, known.cpu) });
    }
  return best;
}

/** The shell sums up what its children used, to the millisecond in bash; Node does not tell the time of processes that it started. */
function startOften({ name, command, env = {} }: Program): StartFigures {
  const quoted = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const once = `${quoted} >/dev/null 2>&1 || exit 1`;
  const script = `${Array.from({ length: runsPerTurn }, () => once).join('\n')}\ntimes`;
  const started = performance.now();
  const { status, stdout } = spawnSync('bash', ['-c', script], { encoding: 'utf8', env: { ...process.env, ...env } });
  const wall = (performance.now() - started) / runsPerTurn;
  if (status !== 0) throw new Error(`${name} failed`);
  return { wall, cpu: cpuOf(stdout) / runsPerTurn };
}

/** The second line of `times` is the children's: `0m0.440000s 0m0.080000s`. */
function cpuOf(text: string): number {
  const [, line = ''] = text.trim().split('\n');
  const seconds = [...line.matchAll(/([0-9]+)m([0-9.]+)s/g)].map(([, min, s]) => Number(min) * 60 + Number(s));
  return seconds.reduce((sum, each) => sum + each, 0) * 1000;
}
