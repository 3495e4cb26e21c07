import type { Curve, Work } from './curve.js';

/** What a process of its own found out about one size. */
export interface Measured {
  readonly size: number;
  /** CPU of all threads, user and system: other work on the machine adds little to it. */
  readonly cpuMs: number;
  readonly wallMs: number;
  /** The most that was resident, of the process, with what prepared the work. */
  readonly peakMiB: number;
  /** The same before the work began. */
  readonly beforeMiB: number;
  /** How the default limits refused it. */
  readonly refused?: string;
  readonly facts?: Readonly<Record<string, number>>;
}

const enoughMs = 300;
const mostTurns = 5;

/** Measures one size in this process: the code is compiled by the smallest size first. */
export async function measure(curve: Curve, size: number): Promise<Measured> {
  await warmUp(curve);
  const work = await curve.prepare(size);
  try {
    const refused = work.refused === undefined ? {} : { refused: await codeOf(work) };
    (globalThis as { gc?: () => void }).gc?.();
    const beforeMiB = process.memoryUsage.rss() / 1024 ** 2;
    const cost = await least(work);
    const facts = work.facts === undefined ? {} : { facts: await work.facts() };
    const peakMiB = process.resourceUsage().maxRSS / 1024;
    return { size, ...cost, peakMiB, beforeMiB, ...refused, ...facts };
  } finally {
    await work.close?.();
  }
}

/** Runs the smallest size for a second: what is not compiled yet would make small sizes look dear, and growth small. */
async function warmUp({ sizes: [smallest = 1], prepare }: Curve): Promise<void> {
  const started = performance.now();
  do {
    const small = await prepare(smallest);
    do await small.run();
    while (small.once !== true && performance.now() - started < 1_000);
    await small.close?.();
  } while (performance.now() - started < 1_000);
}

/** The cheapest of several turns, or one long one. */
async function least({ run, once = false }: Work): Promise<{ readonly cpuMs: number; readonly wallMs: number }> {
  let best = { cpuMs: Number.POSITIVE_INFINITY, wallMs: Number.POSITIVE_INFINITY };
  let spent = 0;
  for (let turn = 0; turn < (once ? 1 : mostTurns) && spent < enoughMs * 3; turn++) {
    // What is quick is done often enough to be measured.
    let [times, cpu, wall] = [0, process.cpuUsage(), performance.now()];
    do {
      await run();
      times++;
    } while (!once && performance.now() - wall < enoughMs / mostTurns);
    wall = performance.now() - wall;
    cpu = process.cpuUsage(cpu);
    const cpuMs = (cpu.user + cpu.system) / 1000 / times;
    if (cpuMs < best.cpuMs) best = { cpuMs, wallMs: wall / times };
    spent += wall;
  }
  return best;
}

async function codeOf(work: Work): Promise<string> {
  try {
    await work.refused?.();
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    if (typeof code === 'string') return code;
    throw error;
  }
  throw new Error('the default limit let pass what is beyond it');
}
