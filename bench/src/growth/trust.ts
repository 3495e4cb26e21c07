import { createRegistry } from '@notarykit/registry-client';
import { createAuthority, createTrustLab } from '@notarykit/testing';
import { memoryTrustStore, type ParsePolicyOptions, parseTrustPolicy, selectStatement } from '@notarykit/trust-policy';
import { sign, verify } from 'notarykit';
import { labPolicy } from '../../../test/support/lab-policy.ts';
import { pushImage } from './content.js';
import type { Curve, Work } from './curve.js';

const policyOf = (name: string, scope: string) => labPolicy({ name, scopes: [scope], withoutRevocation: true });

/** A signed artifact in a registry of a lab, with the policy that trusts it. */
async function signedArtifact(signatures: number) {
  const { registry, signer, trustStore, close } = await createTrustLab({ registry: { remember: false } });
  const repository = createRegistry({ registry: 'bench.test', fetch: registry.fetch }).repository('app');
  const image = await pushImage(repository);
  for (let i = 0; i < signatures; i++) await sign(repository, image, { signer, metadata: { number: String(i) } });
  return { repository, image, policy: parseTrustPolicy(policyOf('app', repository.name)), trustStore, close };
}

/** An artifact with many signatures, every one examined. */
export const verifySignatures: Curve = {
  name: 'verify',
  of: 'signatures of one artifact',
  sizes: [1, 3, 10, 30, 100],
  quick: 100,
  async prepare(size): Promise<Work> {
    const { repository, image, policy, close, ...lab } = await signedArtifact(size);
    const trustStore = memoryTrustStore(lab.trustStore);
    return {
      async run() {
        const verdict = await verify(repository, image.digest, { policy, trustStore, examine: 'all' });
        if (verdict.verdict !== 'trusted' || verdict.signatures.length !== size) throw new Error('not all are trusted');
      },
      close,
    };
  },
};

/** A policy document, read, and a statement found for each of its repositories. */
export const policyStatements: Curve = {
  name: 'policy',
  of: 'statements',
  sizes: [1, 10, 100, 1_000, 10_000],
  quick: 10_000,
  async prepare(size): Promise<Work> {
    const names = Array.from({ length: size }, (_, i) => `registry.bench.test/team-${i % 50}/app-${i}`);
    const trustPolicies = names.flatMap((name, i) => policyOf(`statement-${i}`, name).trustPolicies);
    const text = JSON.stringify({ version: '1.0', trustPolicies });
    const read = (options: ParsePolicyOptions): void => {
      const policy = parseTrustPolicy(text, options);
      for (const name of names) selectStatement(policy, name);
    };
    return {
      run: async () => read(size <= 1_000 ? {} : { maxStatements: size, maxBytes: 16 * 1024 * 1024 }),
      ...(size > 1_000 && { refused: async () => read({}) }),
    };
  },
};

/** A trust store with many roots, read and checked, and a signature verified under it. */
export const trustStoreRoots: Curve = {
  name: 'trust-store',
  of: 'root certificates of one store',
  sizes: [1, 10, 100, 1_000],
  quick: 100,
  async prepare(size): Promise<Work> {
    const { repository, image, policy, close, ...lab } = await signedArtifact(1);
    const others: Uint8Array[] = [];
    for (let i = 1; i < size; i++) others.push((await createAuthority({ intermediates: 0 })).root.certificate);
    const roots = [...others, ...(lab.trustStore.ca['lab'] ?? [])];
    return {
      async run() {
        const trustStore = memoryTrustStore({ ca: { lab: roots } });
        await verify(repository, image.digest, { policy, trustStore });
      },
      close,
    };
  },
};
