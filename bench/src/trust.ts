import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { signEnvelope } from '@notarykit/signature-envelope';
import { createTrustLab } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy, verifySignature } from '@notarykit/trust-policy';
import type { OciTrustStatement } from '@notarykit/trust-policy/internal';
import { type BenchCase, bytesOf, makeCase, mediaType, policy, target } from './trust/cases.js';
import { measurePeer, peerProgram } from './trust/peer.js';

// Full strict verification of one signature without revocation, beside notation-go in the same run where its program can be
// built, and memory over many artifacts under one policy.
const statement = parseTrustPolicy(policy).statements[0] as OciTrustStatement;
const rounds = 3000;
const coldCases = 25;

/** Cases made by another process, so that no cache of this one has seen their certificates. */
function freshCases(name: BenchCase['name'], count: number): readonly BenchCase[] {
  const { stdout } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), 'make', name, String(count)], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as BenchCase);
}

function verifier({ envelope, anchor }: BenchCase): () => Promise<void> {
  const bytes = bytesOf(envelope);
  const trustStore = memoryTrustStore({ ca: { bench: bytesOf(anchor) } });
  return async () => {
    const { trusted } = await verifySignature(bytes, { mediaType, statement, trustStore, target });
    if (!trusted) throw new Error('the signature is not trusted');
  };
}

/** The lower quartile: other work on the machine only ever adds time. */
const quartile = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 2] as number;

/** Microseconds of the first verification of each case. */
async function cold(cases: readonly BenchCase[]): Promise<number> {
  const times: number[] = [];
  for (const one of cases) {
    const verify = verifier(one);
    const started = performance.now();
    await verify();
    times.push((performance.now() - started) * 1000);
  }
  return quartile(times);
}

/** Microseconds of a verification when everything was seen before: the best of several batches, as for the peer. */
async function warm(one: BenchCase): Promise<number> {
  const verify = verifier(one);
  let best = Number.POSITIVE_INFINITY;
  for (let batch = 0; batch < 10; batch++) {
    const started = performance.now();
    for (let i = 0; i < rounds / 10; i++) await verify();
    best = Math.min(best, ((performance.now() - started) * 1000) / (rounds / 10));
  }
  return best;
}

const us = (value: number): string => `${value.toFixed(0)} us`;

async function compare(
  program: string | undefined,
  name: BenchCase['name'],
  goals: { warm: number; cold?: number },
): Promise<void> {
  const cases = freshCases(name, coldCases);
  // Compiled code on both sides: what is cold is every certificate, key and store.
  await cold(freshCases(name, coldCases * 4));
  const ours = { cold: await cold(cases), warm: await warm(cases[0] as BenchCase) };
  if (program === undefined) {
    console.log(`trust.warm.${name}: ${us(ours.warm)} (no Go toolchain: notation-go was not measured)`);
    console.log(`trust.cold.${name}: ${us(ours.cold)} (no Go toolchain: notation-go was not measured)`);
    return;
  }
  const theirs = measurePeer(program, cases, 200);
  const peer = { cold: quartile(theirs.map((one) => one.cold)), warm: Math.min(...theirs.map((one) => one.warm)) };
  for (const kind of ['warm', 'cold'] as const) {
    const goal = goals[kind] === undefined ? '' : ` (goal >= ${goals[kind]})`;
    const ratio = (peer[kind] / ours[kind]).toFixed(1);
    console.log(
      `trust.${kind}.${name}: ${ratio} times notation-go${goal}; ${us(ours[kind])} against ${us(peer[kind])}`,
    );
  }
}

/** Bytes of the heap after 1,000 and after 10,000 artifacts under one policy. */
async function memory(): Promise<void> {
  const { signer, trustStore } = await createTrustLab({ storeName: 'bench' });
  const anchors = memoryTrustStore(trustStore);
  let first = 0;
  for (let i = 1; i <= 10_000; i++) {
    const artifact = { ...target, digest: `sha256:${String(i).padStart(64, '0')}` } as const;
    const { envelope } = await signEnvelope(artifact, { signer });
    const outcome = await verifySignature(envelope, { mediaType, statement, trustStore: anchors, target: artifact });
    if (!outcome.trusted) throw new Error('the signature is not trusted');
    if (i === 1000) first = heap();
  }
  const grown = (heap() - first) / 1024 / 1024;
  console.log(`trust.memory: ${grown.toFixed(2)} MiB more after 10,000 artifacts than after 1,000 (goal <= 10)`);
}

function heap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

if (process.argv[2] === 'make') {
  const [, , , name, count] = process.argv;
  for (let i = 0; i < Number(count); i++) console.log(JSON.stringify(await makeCase(name as BenchCase['name'])));
} else {
  const program = peerProgram();
  await compare(program, 'chain-of-three', { warm: 10, cold: 1 });
  await compare(program, 'self-signed-rsa', { warm: 2 });
  await memory();
}
