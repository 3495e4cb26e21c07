import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isCodedError } from '@notarykit/common';
import { withCpuTime } from '../support/cpu-time.ts';
import { type Random, seededRandom } from './random.ts';

/** Something that is fed with mutated inputs. */
export interface FuzzTarget {
  /** For example `FZ3 certificate`. */
  readonly name: string;
  /** The next input. */
  input(random: Random): Uint8Array;
  /**
   * Feeds one input. A coded error is a refusal and fine; any other error, or one thrown by an oracle of the target (something
   * accepted that must not be), is a failure. Returns whether the input was accepted.
   */
  run(input: Uint8Array): boolean | Promise<boolean>;
}

/** How long a run goes on, and where it begins. */
export interface FuzzOptions {
  readonly seed: number;
  /** At most so many inputs. */
  readonly count: number;
  /** At most so many seconds. */
  readonly seconds: number;
}

/** What a run without failure saw. */
export interface FuzzReport {
  readonly inputs: number;
  readonly accepted: number;
  readonly slowestMs: number;
  readonly perSecond: number;
}

const slowestAllowedMs = 1000;

/**
 * Runs a target until its count or time is used up. The first failure ends it with an error that names the file where the
 * input was put.
 */
export async function fuzz(target: FuzzTarget, options: FuzzOptions): Promise<FuzzReport> {
  const random = seededRandom(options.seed);
  const begin = performance.now();
  let [inputs, accepted, slowestMs] = [0, 0, 0];
  while (inputs < options.count && performance.now() - begin < options.seconds * 1000) {
    const input = target.input(random);
    const { result, cpuMs } = await withCpuTime(() => feed(target, input, options.seed, inputs));
    if (result) accepted++;
    if (cpuMs > slowestAllowedMs) await failIfSlow(target, input, options.seed, inputs);
    slowestMs = Math.max(slowestMs, cpuMs);
    inputs++;
  }
  const seconds = (performance.now() - begin) / 1000;
  return { inputs, accepted, slowestMs: Math.round(slowestMs), perSecond: Math.round(inputs / seconds) };
}

/** Slow is what is slow each time: once, it may have been the garbage of those before it that was collected. */
async function failIfSlow(target: FuzzTarget, input: Uint8Array, seed: number, index: number): Promise<void> {
  for (let i = 0; i < 2; i++) {
    const { cpuMs } = await withCpuTime(() => feed(target, input, seed, index));
    if (cpuMs <= slowestAllowedMs) return;
  }
  fail(target, input, seed, index, new Error(`took more than ${slowestAllowedMs} ms of processor time, three times`));
}

async function feed(target: FuzzTarget, input: Uint8Array, seed: number, index: number): Promise<boolean> {
  try {
    return await target.run(input);
  } catch (error) {
    if (isCodedError(error)) return false;
    return fail(target, input, seed, index, error);
  }
}

function fail(target: FuzzTarget, input: Uint8Array, seed: number, index: number, cause: unknown): never {
  const folder = join(tmpdir(), 'notarykit-fuzz');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${target.name.replace(/\W+/g, '-')}-${seed}-${index}.bin`);
  writeFileSync(file, input);
  throw new Error(`${target.name}: input ${index} of seed ${seed} failed (${String(cause)}), kept as ${file}`, {
    cause,
  });
}

/** The options of a run from the environment: `FUZZ_SEED`, `FUZZ_COUNT`, `FUZZ_SECONDS`; by default a short fixed slice. */
export function fuzzOptions(slice: number): FuzzOptions {
  const number = (name: string, otherwise: number): number => Number(process.env[name] ?? otherwise);
  const count = number('FUZZ_COUNT', slice);
  return { seed: number('FUZZ_SEED', 1), count, seconds: number('FUZZ_SECONDS', 3600) };
}
