import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { VerificationAnswer } from '@notarykit/admission';
import { describe, expect, it } from 'vitest';
import { type Replica, replicaToken } from '../integration/admission/replicas.js';
import { send, trusting } from '../integration/admission/webhook-client.js';
import { redisReplicas } from './support/redis-replicas.js';

describe('service-replicas-redis', () => {
  const lab = redisReplicas('service');

  it('replicas share verdicts; a missing Redis only costs time', async () => {
    const { redis, setup, listings } = lab;
    const { digest } = await setup.image('signed', true);
    const file = (name: string, text: string): string => {
      const path = join(setup.folder, name);
      writeFileSync(path, text);
      return path;
    };
    const sharing = [
      ...['--redis-url-file', file('redis-url', redis.url)],
      ...['--cache-secret-file', file('secret', randomBytes(32).toString('base64'))],
    ];
    const replicas = await Promise.all([1, 2, 3].map(() => setup.start({}, sharing)));
    const ask = async (replica: Replica | undefined): Promise<VerificationAnswer> => {
      const headers = { authorization: `Bearer ${replicaToken}` };
      const body = JSON.stringify({ images: [`${setup.host}/signed@${digest}`] });
      const request = { method: 'POST', path: '/v1/verify', headers, body };
      return JSON.parse((await send({ port: replica?.port ?? 0 }, trusting(setup.caFile), request)).body);
    };
    const before = listings();
    for (const replica of replicas) expect(await ask(replica)).toMatchObject({ trusted: true });
    expect(listings() - before).toBe(1);
    await redis.stop();
    expect(await ask(replicas[0])).toMatchObject({ trusted: true });
    expect(listings() - before).toBe(2);
    expect(replicas[0]?.log()).not.toContain(redis.password);
    for (const replica of replicas) expect(await replica.stop()).toBe(0);
  });
});
