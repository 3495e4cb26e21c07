import { randomBytes } from 'node:crypto';
import { encodeBase64 } from '@notarykit/common';
import { createRegistry } from '@notarykit/registry-client';
import { createTrustLab, type TrustLab } from '@notarykit/testing';
import { publish } from 'notarykit';
import type { Task } from './task.js';

/** A registry on a loopback port with signed artifacts, and the settings of a worker. */
export interface Setup {
  readonly lab: TrustLab;
  readonly task: Omit<Task, 'redis' | 'adapter'>;
}

export async function createSetup(tags: readonly string[]): Promise<Setup> {
  const lab = await createTrustLab();
  const { host } = await lab.registry.listen();
  const repository = createRegistry({ registry: host, plainHttp: true }).repository('net-monitor');
  for (const tag of tags) {
    const push = { artifactType: 'application/vnd.wabbit.net-monitor', layers: [], annotations: { tag } };
    await publish(repository, { push, sign: { signer: lab.signer }, tag });
  }
  const statement = {
    name: 'wabbit-networks',
    registryScopes: [repository.name],
    signatureVerification: { level: 'strict', override: { revocation: 'skip' } },
    trustStores: ['ca:lab'],
    trustedIdentities: ['*'],
  };
  return {
    lab,
    task: {
      registry: host,
      repository: 'net-monitor',
      tags,
      secret: encodeBase64(randomBytes(32)),
      root: encodeBase64(lab.authority.root.certificate),
      policy: { version: '1.0', trustPolicies: [statement] },
      now: new Date().toISOString(),
    },
  };
}
