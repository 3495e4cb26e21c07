import { createRegistry, type RegistryRepository } from '@notarykit/registry-client';
import { parseGatePolicy } from '@notarykit/sbom-gate';
import { createTrustLab, type TrustLab } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { audit, copy, gate, promote, publish, sign, type Trust, verify } from 'notarykit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { labPolicy } from '../../support/lab-policy.js';

const host = 'registry.test';

let lab: TrustLab;
let trust: Trust;
let repository: RegistryRepository;
beforeEach(async () => {
  lab = await createTrustLab();
  trust = {
    policy: parseTrustPolicy(labPolicy({ withoutRevocation: true })),
    trustStore: memoryTrustStore(lab.trustStore),
  };
  repository = open('app');
  await publish(repository, {
    push: { artifactType: 'example/app', layers: [] },
    sign: { signer: lab.signer },
    tag: 'v1',
  });
});
afterEach(() => lab.close());

function open(name: string): RegistryRepository {
  return createRegistry({ registry: host, fetch: lab.registry.fetch }).repository(name);
}

/** How many requests a verb makes, over a client that has asked nothing before. */
async function count(run: (fresh: RegistryRepository) => Promise<unknown>): Promise<number> {
  const before = lab.registry.requests.length;
  await run(open('app'));
  return lab.registry.requests.length - before;
}

describe('requests of a verb', () => {
  it('verify of a tag: one request to resolve, one to list, two for each examined signature', async () => {
    expect(await count((fresh) => verify(fresh, 'v1', trust))).toBe(4);
    // Of the second nothing is asked once the first is trusted.
    await sign(repository, 'v1', { signer: lab.signer, metadata: { again: 'yes' } });
    expect(await count((fresh) => verify(fresh, 'v1', trust))).toBe(4);
    expect(await count((fresh) => verify(fresh, 'v1', { ...trust, examine: 'all' }))).toBe(6);
  });

  it('verify under level skip resolves and asks nothing else', async () => {
    const statement = { name: 's', registryScopes: [`${host}/app`], signatureVerification: { level: 'skip' } };
    const skip = parseTrustPolicy({ version: '1.0', trustPolicies: [statement] });
    expect(await count((fresh) => verify(fresh, 'v1', { ...trust, policy: skip }))).toBe(1);
  });

  it('audit: both policies share what was read', async () => {
    const all = async (fresh: RegistryRepository, more: object) => {
      for await (const { verdict } of audit(fresh, { ...trust, ...more })) expect(verdict).toBe('trusted');
    };
    const alone = await count((fresh) => all(fresh, {}));
    // Tags, resolve, list, manifest, envelope.
    expect(alone).toBe(5);
    expect(await count((fresh) => all(fresh, { against: { policy: trust.policy } }))).toBe(alone);
  });

  it('gate: the image is resolved, listed for its signatures and for its evidence, and read once', async () => {
    const policy = parseGatePolicy(
      JSON.stringify({
        version: '1.0',
        name: 'g',
        signers: { lab: { trustPolicy: 'lab' } },
        image: { signedBy: ['lab'] },
      }),
    );
    // Resolve, two lists, signature and envelope, the image's manifest.
    expect(await count((fresh) => gate(fresh, 'v1', { policy, trust }))).toBeLessThanOrEqual(6);
  });

  it('copy with verification asks for the verdict what verify asks', async () => {
    const plain = await count((fresh) => copy(fresh, open('plain'), { reference: 'v1' }));
    const verified = await count((fresh) => copy(fresh, open('verified'), { reference: 'v1', verify: trust }));
    expect(verified - plain).toBeLessThanOrEqual(3);
  });

  it('promote verifies, gates, signs, copies and tags over one view of the source', async () => {
    const policy = parseGatePolicy(
      JSON.stringify({
        version: '1.0',
        name: 'g',
        signers: { lab: { trustPolicy: 'lab' } },
        image: { signedBy: ['lab'] },
      }),
    );
    const options = { reference: 'v1', tag: 'v1', trust, policy, signer: lab.signer };
    // 43 before there was a view; two of these push a small blob to the target before the production key is used.
    expect(await count((fresh) => promote(fresh, open('production'), options))).toBeLessThanOrEqual(42);
  });
});
