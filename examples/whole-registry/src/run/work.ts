import { setTimeout } from 'node:timers/promises';
import { type Job as QueuedJob, Worker } from 'bullmq';
import { audit, createCachedVerifier } from 'notarykit';
import { isDecided, keepResult, resultOf } from './result.js';
import type { Settings } from './settings.js';
import { type Job, queuePrefix, type Store } from './store.js';

/** How workers take jobs from the queue. */
export interface WorkOptions {
  /** Artifacts under way at a time. */
  readonly concurrency: number;
  /** How long a job belongs to a worker that is not heard of; then another worker takes it. */
  readonly lockMs: number;
}

/** Audits artifacts until the queue is empty and no other worker has one in its hands; says how many it audited. */
export async function work(settings: Settings, store: Store, { concurrency, lockMs }: WorkOptions): Promise<number> {
  const { queue, connection } = store;
  const auditJob = auditor(settings, store);
  let audited = 0;
  const take = async ({ data, attemptsMade, opts: { attempts = 1 } }: QueuedJob<Job>): Promise<void> => {
    if (await auditJob(data, attemptsMade + 1 === attempts)) audited++;
  };
  const locks = { lockDuration: lockMs, stalledInterval: lockMs, maxStalledCount: 3 };
  const worker = new Worker<Job>(queue.name, take, { connection, prefix: queuePrefix, concurrency, ...locks });
  worker.on('error', (error) => console.error(`queue: ${error.message}`));
  try {
    while (await isAnyLeft(queue)) await setTimeout(200);
  } finally {
    await worker.close();
  }
  return audited;
}

/** Audits one artifact; false when that was done already. Rejects when it stays undecided, unless it is the last attempt. */
function auditor({ registry, trust, run }: Settings, store: Store): (job: Job, last: boolean) => Promise<boolean> {
  const verifier = createCachedVerifier({ cache: store.cache, bucketSeconds: 3600 });
  return async (job, last) => {
    // The worker that had this job ended after it had kept the result, and before it said so.
    const before = await resultOf(store, run, job);
    if (before !== undefined && isDecided(before)) return false;
    const target = { ...job, repository: registry.repository(job.repository) };
    for await (const result of audit([target], { ...trust, verifier })) {
      if (!isDecided(result) && !last) throw new Error(result.problem?.message);
      await keepResult(store, run, job, result);
    }
    return true;
  };
}

async function isAnyLeft(queue: Store['queue']): Promise<boolean> {
  const counts = await queue.getJobCounts('waiting', 'active', 'delayed');
  return Object.values(counts).some((count) => count > 0);
}
