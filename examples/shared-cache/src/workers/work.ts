import { decodeBase64 } from '@notarykit/common';
import { createRegistry } from '@notarykit/registry-client';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { createCachedVerifier, resolveArtifact } from 'notarykit';
import { openKeyvCache, openRedisCache } from './cache.js';
import type { Done, Task } from './task.js';

/** What each worker does: verifies every tag, and takes what another one found. */
export async function work(task: Task): Promise<Done> {
  const secret = decodeBase64(task.secret);
  const opened = task.adapter === 'keyv' ? openKeyvCache(task.redis, secret) : await openRedisCache(task.redis, secret);
  try {
    const repository = createRegistry({ registry: task.registry, plainHttp: true }).repository(task.repository);
    const verifier = createCachedVerifier({ cache: opened.cache });
    const trust = {
      policy: parseTrustPolicy(task.policy),
      trustStore: memoryTrustStore({ ca: { lab: [decodeBase64(task.root)] } }),
      now: new Date(task.now),
    };
    const done = { verified: 0, remembered: 0, verdicts: {} as Record<string, string> };
    for (const tag of task.tags) {
      const { descriptor } = await resolveArtifact(repository, tag);
      const { verdict, cached } = await verifier(repository, descriptor, trust);
      done[cached ? 'remembered' : 'verified']++;
      done.verdicts[tag] = `${verdict} ${descriptor.digest}`;
    }
    return done;
  } finally {
    await opened.close();
  }
}
