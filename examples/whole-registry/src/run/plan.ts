import { artifactsOf } from './artifacts.js';
import { isDecided, resultOf } from './result.js';
import type { Settings } from './settings.js';
import { type Job, nameOf, type Store } from './store.js';

const batch = 500;

/**
 * Puts every artifact into the queue that is not decided yet, and says how many. Planning again adds what is new or was left: an artifact
 * that waits already is not added twice, for its name is the name of its job.
 */
export async function plan({ registry, run }: Settings, store: Store): Promise<number> {
  let planned = 0;
  let jobs: Job[] = [];
  const add = async (): Promise<void> => {
    await store.queue.addBulk(jobs.map((data) => ({ name: 'audit', data, opts: { ...options, jobId: nameOf(data) } })));
    planned += jobs.length;
    jobs = [];
  };
  for await (const job of artifactsOf(registry)) {
    const result = await resultOf(store, run, job);
    if (result !== undefined && isDecided(result)) continue;
    if (jobs.push(job) === batch) await add();
  }
  await add();
  return planned;
}

// Results are kept elsewhere: what is in the queue is what is left to do.
const options = {
  attempts: 3,
  backoff: { type: 'exponential', delay: 1000 },
  removeOnComplete: true,
  removeOnFail: true,
} as const;
