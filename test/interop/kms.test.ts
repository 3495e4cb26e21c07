import { join } from 'node:path';
import { createRevocationChecker } from '@notarykit/pki';
import { createRegistry } from '@notarykit/registry-client';
import type { EnvelopeFormat, KeySpec } from '@notarykit/signature-envelope';
import { createTrustLab, type Issued, type TrustLab } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { sign, verify } from 'notarykit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ProviderLab, providers } from '../support/kms-providers.ts';
import { temporaryFolder } from './support/folder.ts';
import { pushImage } from './support/image.ts';
import { createNotation, labPolicy, type Notation } from './support/notation.ts';

const formats: readonly EnvelopeFormat[] = ['jws', 'cose'];
const folder = temporaryFolder();
const open: ProviderLab[] = [];
const leaves = new Map<KeySpec, Issued>();
let lab: TrustLab;
let notation: Notation;
let host: string;

beforeAll(async () => {
  lab = await createTrustLab();
  notation = await createNotation(join(folder, 'notation'), { root: lab.authority.root.certificate });
  ({ host } = await lab.registry.listen({ name: 'localhost' }));
});
afterAll(async () => {
  for (const { close } of open) await close();
  await lab.close();
});

async function leafOf(keySpec: KeySpec): Promise<Issued> {
  const leaf = leaves.get(keySpec) ?? (await lab.authority.issueLeaf({ keySpec }));
  leaves.set(keySpec, leaf);
  return leaf;
}

describe('notation-verifies-kms-signers', () => {
  describe.each(providers)('$name', ({ name, keySpecs, start }) => {
    test.each(keySpecs)('%s, in both formats', async (keySpec) => {
      const provider = await start(await leafOf(keySpec));
      open.push(provider);
      for (const format of formats) {
        const path = `kms/${name}/${keySpec.toLowerCase()}/${format}`;
        const repository = createRegistry({ registry: host }).repository(path);
        const image = await pushImage(lab.registry, path, 'v1');
        await sign(repository, image, { signer: provider.create(), format });
        const { verdict } = await verify(repository, image, {
          policy: parseTrustPolicy(labPolicy),
          trustStore: memoryTrustStore(lab.trustStore),
          revocation: createRevocationChecker({ fetch: (url) => Promise.reject(new Error(`asked ${url}`)) }),
        });
        expect(verdict).toBe('trusted');
        const result = await notation('verify', `${host}/${path}@${image.digest}`);
        expect(result, result.stderr).toMatchObject({ code: 0 });
      }
    });
  });
});
