import { getEventListeners, setMaxListeners } from 'node:events';
import { retrying, type Signer } from '@notarykit/signature-envelope';
import { createAuthority, type KmsFaults } from '@notarykit/testing';
import { afterAll, expect, test } from 'vitest';
import { seededRandom } from '../fuzz/random.ts';
import { type ProviderLab, providers } from '../support/kms-providers.js';

/** Ten minutes unless said otherwise; a seed plays the same faults again. */
const seconds = Number(process.env['SOAK_SECONDS'] ?? 600);
const seed = Number(process.env['SOAK_SEED'] ?? Date.now() % 2 ** 31);
const random = seededRandom(seed);
const below = (limit: number): number => random.below(limit);

const healthy = { throttle: 0, cut: 0, delayMs: 0, answer: undefined, denied: false, disabled: false };
/** What a service does for a while. */
const weathers: readonly (() => Partial<KmsFaults>)[] = [
  () => ({}),
  () => ({ delayMs: 100 + below(200) }),
  () => ({ cut: 1 + below(3) }),
  () => ({ throttle: 1 + below(3) }),
  () => ({ answer: { status: 500 + below(5), body: {} } }),
  () => ({ answer: { status: 200, body: [] } }),
  () => ({ denied: true }),
  () => ({ disabled: true }),
];

const events: string[] = [];
for (const name of ['warning', 'unhandledRejection', 'uncaughtException'] as const)
  process.on(name as 'warning', (what: unknown) => events.push(`${name}: ${String(what)}`));

const leaf = await (await createAuthority()).issueLeaf();
const served = providers.filter(({ name }) => /^(aws|azure|gcp|gcp-rest|vault)$/.test(name));
const labs: ProviderLab[] = [];
for (const { start } of served) labs.push(await start(leaf));
afterAll(() => Promise.all(labs.map(({ close }) => close())));

const whole = new AbortController();
// Many calls at once have one signal.
setMaxListeners(0, whole.signal);

/** A call that may fail in any way but hang: it is given up after a moment, or by a signal that never aborts. */
async function call(signer: Signer): Promise<void> {
  const signal = below(3) === 0 ? whole.signal : AbortSignal.timeout(1 + below(60));
  const work = below(2) === 0 ? signer.describe({ signal }) : signer.sign({ ...request(), signal });
  await work.catch(() => undefined);
}

const request = () => ({ payload: Uint8Array.of(below(256)), keySpec: 'EC-256' }) as const;

/**
 * Good weather again: what was cut, or idle for too long, may be found dead only now. That is an error that may be tried again, and
 * the next try works; any other error, and any second one, ends the soak.
 */
const again = (signer: Signer): Signer => retrying(signer, { retries: 1, delayMs: 1 });

async function round({ service, create }: ProviderLab, kept: Signer): Promise<void> {
  const faults = service?.faults as KmsFaults;
  const signers = [kept, create()];
  Object.assign(faults, (weathers[below(weathers.length)] as (typeof weathers)[number])());
  await Promise.all(Array.from({ length: 1 + below(8) }, () => call(signers[below(2)] as Signer)));
  Object.assign(faults, healthy);
  for (const signer of signers) await again(signer).sign(request());
}

/** Sockets and timers that the process waits for. */
const held = (): number =>
  process.getActiveResourcesInfo().filter((name) => /^(Timeout|TCPSocketWrap|TLSSocketWrap)$/.test(name)).length;

test(`every signer recovers from whatever its service does (seed ${seed})`, {
  timeout: (seconds + 600) * 1000,
}, async () => {
  const kept = labs.map(({ create }) => create());
  const until = performance.now() + seconds * 1000;
  let rounds = 0;
  let first = 0;
  while (performance.now() < until) {
    await Promise.all(labs.map((lab, i) => round(lab, kept[i] as Signer)));
    if (++rounds === 20) first = held();
  }
  // What clients keep open for the next request stays within what it was after the first rounds.
  await expect.poll(held, { timeout: 120_000 }).toBeLessThanOrEqual(Math.max(first, 1) * 2 + 20);
  expect(getEventListeners(whole.signal, 'abort')).toEqual([]);
  // The SDK of AWS says which versions of Node it will need.
  expect(events.filter((event) => !event.includes('NodeVersionSupportWarning'))).toEqual([]);
  expect(rounds).toBeGreaterThan(0);
});
