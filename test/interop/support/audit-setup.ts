import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeBase64 } from '@notarykit/common';
import { createRegistry } from '@notarykit/registry-client';
import { createTrustLab, type TrustLab } from '@notarykit/testing';
import { sign } from 'notarykit';
import { pushImage, pushIndex } from '../../support/audit/inventory.js';
import { writeNotationTrust } from '../../support/notation-trust.js';

/** A registry on a loopback port, and the environment of the processes that audit it. */
export interface AuditSetup {
  readonly lab: TrustLab;
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Two repositories, in each: six signed images, the first with two tags, one unsigned, and an index with one signed platform of two. */
export async function createAuditSetup(redisUrl: string): Promise<AuditSetup> {
  const lab = await createTrustLab();
  const { host } = await lab.registry.listen();
  for (const name of ['first', 'second'])
    await fillRepository(lab, createRegistry({ registry: host }).repository(name));
  const folder = await mkdtemp(join(tmpdir(), 'notarykit-audit-'));
  await writeNotationTrust(folder, lab.authority.root.certificate);
  const secret = join(folder, 'secret');
  await writeFile(secret, encodeBase64(randomBytes(32)));
  return {
    lab,
    env: { REDIS_URL: redisUrl, REGISTRY: host, NOTATION_CONFIG: folder, SECRET_FILE: secret },
    async close() {
      await lab.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function fillRepository(
  { signer }: TrustLab,
  repository: ReturnType<ReturnType<typeof createRegistry>['repository']>,
): Promise<void> {
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
    const image = await pushImage(repository, name, name === 'a' ? ['a', 'latest'] : [name]);
    await sign(repository, image, { signer });
  }
  await pushImage(repository, 'unsigned');
  const { index, manifests } = await pushIndex(repository, 'index', ['amd64', 'arm64']);
  for (const descriptor of [index, manifests[0]]) if (descriptor) await sign(repository, descriptor, { signer });
}
