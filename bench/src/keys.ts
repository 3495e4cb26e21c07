import { memoryRepository } from '@notarykit/oci';
import { parseGatePolicy } from '@notarykit/sbom-gate';
import { createTrustLab } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { openGraph, type VerdictOptions } from 'notarykit';
import { verdictRequest } from 'notarykit/internal';

// What a service pays for each request to find its verdict: the digest of a request whose policies, stores and limits are those of the
// request before.
const rounds = 100;
const batches = 400;
const descriptor = {
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest: `sha256:${'a'.repeat(64)}`,
  size: 3,
} as const;

const statements = ['image', 'sbom', 'vex'].map((name) => ({
  name,
  registryScopes: name === 'image' ? ['*'] : [`registry.test/${name}`],
  signatureVerification: { level: 'strict' },
  trustStores: ['ca:lab'],
  trustedIdentities: ['*'],
}));

const gatePolicy = {
  version: '1.0',
  name: 'bench',
  signers: Object.fromEntries(statements.map(({ name }) => [name, { trustPolicy: name }])),
  image: { signedBy: ['image'] },
  sbom: { signedBy: ['sbom'] },
  vex: { signedBy: ['vex'] },
};

async function askedOf(): Promise<readonly [name: string, asked: VerdictOptions][]> {
  const lab = await createTrustLab({ storeName: 'lab' });
  const trust = {
    policy: parseTrustPolicy({ version: '1.0', trustPolicies: statements }),
    trustStore: memoryTrustStore(lab.trustStore),
    revocation: { identity: 'bench', check: async () => [] },
  };
  return [
    ['trust', { trust }],
    ['trust and gate', { trust, gate: { policy: parseGatePolicy(JSON.stringify(gatePolicy)), trust } }],
  ];
}

/** Microseconds per digest: the lower quartile of small batches, for other work on the machine only ever adds time. */
async function measure(asked: VerdictOptions): Promise<number> {
  const view = openGraph({ ...memoryRepository('registry.test/net-monitor'), source: 'memory' });
  const times: number[] = [];
  for (let batch = 0; batch < batches; batch++) {
    const requests = [];
    for (let i = 0; i < rounds; i++) requests.push(await verdictRequest(view, { descriptor }, asked));
    const started = performance.now();
    for (const { digest } of requests) if (digest === undefined) throw new Error('the request has no digest');
    times.push(((performance.now() - started) * 1000) / rounds);
  }
  return times.sort((a, b) => a - b)[batches >> 2] as number;
}

for (const [name, asked] of await askedOf())
  console.log(`verdict.request-key: ${(await measure(asked)).toFixed(1)} us, ${name} (goal <= 10)`);
