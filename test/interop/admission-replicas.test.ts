import { describe, expect, it } from 'vitest';
import { judge, podRequest } from '../integration/admission/ask.js';
import { post, trusting } from '../integration/admission/webhook-client.js';
import { redisReplicas } from './support/redis-replicas.js';

describe('admission-replicas-redis', () => {
  const lab = redisReplicas('webhook');

  it('replicas share verdicts; a missing Redis only costs time', async () => {
    const { redis, setup, listings } = lab;
    const { digest } = await setup.image('signed', true);
    const image = `${setup.host}/signed@${digest}`;
    const replicas = await Promise.all([1, 2, 3].map(() => setup.start({ REDIS_URL: redis.url })));
    const ask = async (replica: { port: number } | undefined) => {
      const server = { port: replica?.port ?? 0, reload: async () => undefined, close: async () => undefined };
      const body = JSON.stringify({
        apiVersion: 'admission.k8s.io/v1',
        kind: 'AdmissionReview',
        request: podRequest([image]),
      });
      return judge(body, await post(server, trusting(setup.caFile), '/validate?timeout=10s', body), 'validate');
    };
    const before = listings();
    for (const replica of replicas) expect(await ask(replica)).toMatchObject({ outcome: 'allow' });
    expect(listings() - before).toBe(1);
    await redis.stop();
    expect(await ask(replicas[0])).toMatchObject({ outcome: 'allow' });
    expect(listings() - before).toBe(2);
    expect(replicas[0]?.log()).not.toContain(redis.password);
    for (const replica of replicas) expect(await replica.stop()).toBe(0);
  });
});
