import { createHash } from 'node:crypto';
import { type Cache, redisCache, sealedCache } from '@notarykit/common';
import type { Descriptor } from '@notarykit/oci';
import { createClient } from '@redis/client';
import { createNodeRedisClient, Queue } from 'bullmq';
import type { Settings } from './settings.js';

export const queuePrefix = 'notarykit-audit';

/** The work on one artifact. The queue is not trusted: a job says what to do, never what was found. */
export interface Job {
  readonly repository: string;
  /** A tag, where the tag could not be resolved. */
  readonly reference: string | Descriptor;
  readonly tags: readonly string[];
}

/** The queue and what the workers found, all in one Redis. */
export interface Store {
  readonly queue: Queue<Job>;
  /** BullMQ's own: a worker waits for jobs on a copy of it. */
  readonly connection: ReturnType<typeof createNodeRedisClient>;
  /** Verdicts that workers and runs share, and results of artifacts, as JSON text. Both are sealed. */
  readonly cache: Cache<string>;
  close(): Promise<void>;
}

export async function openStore({ redisUrl, run, secret }: Settings): Promise<Store> {
  const client = createClient({ url: redisUrl });
  client.on('error', (error: Error) => console.error(`redis: ${error.message}`));
  await client.connect();
  const jobs = client.duplicate();
  const connection = createNodeRedisClient(jobs);
  const queue = new Queue<Job>(sha256(run), { connection, prefix: queuePrefix });
  const cache = sealedCache(redisCache(client, { timeoutMs: 15_000 }), { secret });
  return {
    queue,
    connection,
    cache,
    async close() {
      await queue.close();
      for (const each of [jobs, client]) if (each.isOpen) each.destroy();
    },
  };
}

/**
 * One artifact has one name in every process. Media type and size are part of it: what a job says that is not what the registry says
 * is another artifact.
 */
export function nameOf({ repository, reference }: Pick<Job, 'repository' | 'reference'>): string {
  const parts = typeof reference === 'string' ? [reference] : [reference.mediaType, reference.digest, reference.size];
  return sha256(JSON.stringify([repository, ...parts]));
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
