import { afterAll, beforeAll } from 'vitest';
import { createReplicaLab, type ReplicaLab } from '../../integration/admission/replicas.js';
import { type RunningRedis, startRedis } from './redis.js';

/** A Redis and a lab of replicas for the tests of one `describe`, and how often signatures were listed in its registry. */
export interface RedisReplicas {
  readonly redis: RunningRedis;
  readonly setup: ReplicaLab;
  readonly listings: () => number;
}

/** Starts both before the tests, and ends them after the tests; the members are there from the first test on. */
export function redisReplicas(kind: Parameters<typeof createReplicaLab>[0]): RedisReplicas {
  let redis: RunningRedis;
  let setup: ReplicaLab;
  beforeAll(async () => {
    redis = await startRedis();
    setup = await createReplicaLab(kind);
  });
  afterAll(async () => {
    await setup.close();
    await redis.stop();
  });
  return {
    get redis() {
      return redis;
    },
    get setup() {
      return setup;
    },
    listings: () => setup.lab.registry.requests.filter(({ path }) => path.includes('/referrers/')).length,
  };
}
