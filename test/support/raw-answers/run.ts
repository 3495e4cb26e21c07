import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { mapConcurrent } from '@notarykit/common/internal';
import { createRegistry, type RegistryOptions } from '@notarykit/registry-client';
import { expect } from 'vitest';
import type { RawAnswer } from './corpus.js';
import { type Verb, verbs } from './verbs.js';

/** Small, so that what waits for ever is seen soon. A slow machine makes more answers late, never one of them uncoded. */
export const timeouts = { headersMs: 150, idleMs: 150, metadataMs: 300, minBytesPerSecond: 1024, minRateOverMs: 300 };

/** What became of all runs. */
export interface Outcome {
  readonly runs: number;
  readonly settled: number;
  /** Errors that are not one of ours, with what they came from. */
  readonly uncoded: readonly string[];
}

/** Gives each answer to each verb, over sockets, many at a time. */
export async function runAnswers(
  answers: readonly RawAnswer[],
  wanted: (answer: RawAnswer, verb: string, index: number) => boolean = () => true,
  options: Partial<RegistryOptions> = {},
): Promise<Outcome> {
  const worker = new Worker(new URL('./server.mjs', import.meta.url), { workerData: answers });
  const [port] = (await once(worker, 'message')) as [number];
  const pairs = answers.flatMap((answer, i) =>
    Object.entries(verbs)
      .filter(([verb], v) => wanted(answer, verb, i + v))
      .map(([verb, work]) => ({ name: `${verb}: ${answer.name}`, number: i, work })),
  );
  const uncoded: string[] = [];
  let settled = 0;
  const one = async ({ name, number, work }: (typeof pairs)[number]): Promise<void> => {
    const failure = await failureOf(work, `127.0.0.1:${port}`, number, options);
    if (failure !== undefined) uncoded.push(`${name}: ${failure}`);
    settled++;
  };
  await mapConcurrent(pairs, 48, one);
  await noSocketIsLeft();
  worker.postMessage('close');
  await worker.terminate();
  return { runs: pairs.length, settled, uncoded };
}

async function failureOf(work: Verb, registry: string, number: number, options: Partial<RegistryOptions>) {
  const credentials = { username: 'wabbit', password: 'carrot-secret' };
  const client = createRegistry({ registry, credentials, timeouts, retry: { maxRetries: 0, baseMs: 1 }, ...options });
  try {
    await work(client.repository(`raw/${number}`));
    return undefined;
  } catch (error) {
    const { code, name, message } = error as Error & { code?: string };
    return /^ERR_(?:REGISTRY|OCI)_/.test(code ?? '') ? undefined : `${name} ${code} ${message}`;
  }
}

/** Sockets that somebody waits for; those that are kept for the next request do not hold the process. */
const sockets = (): number =>
  process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap' || kind === 'TLSWrap').length;

async function noSocketIsLeft(): Promise<void> {
  await expect.poll(sockets, { timeout: 100_000, interval: 20 }).toBe(0);
}
