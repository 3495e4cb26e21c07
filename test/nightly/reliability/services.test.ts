// Promotions and admission: processes that are killed, and a Redis that is killed, hangs or is poisoned.
// SOAK_SEED and SOAK_RUNS choose the run, SOAK_WRITE=1 puts its rows into docs/reliability.md.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import KeyvRedis from '@keyv/redis';
import { copyGraph, discover, referrersOf } from '@notarykit/artifact-graph';
import { encodeBase64 } from '@notarykit/common';
import type { Repository } from '@notarykit/oci';
import { createEmbeddedRegistry } from '@notarykit/testing';
import { promote, verify } from 'notarykit';
import { afterAll, beforeAll } from 'vitest';
import { judge, podRequest } from '../../integration/admission/ask.js';
import { createReplicaLab, type Replica, type ReplicaLab } from '../../integration/admission/replicas.js';
import { post, trusting } from '../../integration/admission/webhook-client.js';
import { startRedis } from '../../interop/support/redis.js';
import { type Bundle, bundle } from '../../support/bundle.js';
import { createStaging, type Staging } from '../../support/promote/staging.js';
import { type Row, random } from './ledger.js';
import { pause, start, withinMinute } from './process.js';
import { promotionOf } from './promotion.js';
import { reportRows, scenario } from './scenario.js';

const runs = Number(process.env['SOAK_RUNS'] ?? 60);
const next = random(Number(process.env['SOAK_SEED'] ?? 1));
let staging: Staging;
let promoter: Bundle;
let setup: ReplicaLab;
let folder = '';

reportRows();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notarykit-services-'));
  staging = await createStaging();
  promoter = await bundle(fileURLToPath(new URL('./promoter.ts', import.meta.url)));
  setup = await createReplicaLab();
});
afterAll(async () => {
  await Promise.all([promoter?.remove(), setup?.close()]);
  await rm(folder, { recursive: true, force: true });
});

/** Two registries, what is to be promoted in the first, and the task of a process. */
async function createPlaces() {
  const registries = [
    createEmbeddedRegistry({ remember: false }),
    createEmbeddedRegistry({ remember: false }),
  ] as const;
  const [source, target] = await Promise.all(registries.map(async (one) => (await one.listen()).host));
  const subject = { CN: 'production', OU: 'production', O: 'Wabbit', ST: 'WA', C: 'US' };
  const issued = await staging.authority.issueLeaf({ subject, keySpec: 'EC-256' });
  const task = {
    source: source as string,
    target: target as string,
    key: issued.privateKeyPem,
    chain: issued.chain.map(encodeBase64),
    root: encodeBase64(staging.authority.root.certificate),
  };
  const promotion = promotionOf(task);
  await copyGraph(staging.repository, promotion.source, { reference: 'v1' });
  const close = () => Promise.all(registries.map((registry) => registry.close()));
  return { task, ...promotion, close };
}

/** How many manifests belong to what a tag names. */
const sizeOf = async (repository: Repository): Promise<number> =>
  [...referrersOf(await discover(repository, 'v1'))].length;

const isTagged = (repository: Repository, tag: string): Promise<boolean> =>
  repository.resolve(tag).then(
    () => true,
    () => false,
  );

scenario('a promotion, killed', async (into) => {
  const whole = await createPlaces();
  await promote(whole.source, whole.target, whole.options);
  const expected = await sizeOf(whole.target);
  await whole.close();
  let finished = 0;
  for (let i = 0; i < runs; i++) {
    into.runs++;
    const places = await createPlaces();
    const file = join(folder, `task${i}.json`);
    await writeFile(file, JSON.stringify(places.task));
    const killed = start(promoter.path, [file]);
    const steps = Math.floor(next() * 14);
    while (killed.lines.length <= steps && killed.child.exitCode === null && !killed.lines.includes('done'))
      await pause(1);
    await pause(next() * 15);
    killed.child.kill('SIGKILL');
    if ((await withinMinute(killed.ended)) === undefined) into.hung++;
    for (const tag of ['v1', 'stable'])
      if (await isTagged(places.target, tag)) into.wrong += Number((await sizeOf(places.target)) !== expected);
      else if (killed.lines.includes('done')) into.lost++;
    finished += Number(killed.lines.includes('done'));
    const again = await withinMinute(promote(places.source, places.target, places.options));
    if (again === undefined) into.hung++;
    else {
      into.wrong += Number((await sizeOf(places.target)) !== expected);
      const { verdict } = await verify(places.target, again.value.artifact, places.options.trust);
      into.wrong += Number(verdict !== 'trusted');
    }
    await places.close();
  }
  process.stdout.write(`promotions that had come to their end before they were killed: ${finished} of ${into.runs}\n`);
});

/** What a replica says to an image: whether it may run; nothing when there was no answer. */
async function verdictOf(replica: Replica, image: string): Promise<boolean | undefined> {
  const server = { port: replica.port, reload: async () => undefined, close: async () => undefined };
  const review = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request: podRequest([image]) };
  const body = JSON.stringify(review);
  const answer = await post(server, trusting(setup.caFile), '/validate?timeout=10s', body).catch(() => undefined);
  return answer === undefined ? undefined : judge(body, answer, 'validate').outcome === 'allow';
}

interface Images {
  readonly signed: string;
  readonly unsigned: string;
}

async function createImages(name: string): Promise<Images> {
  const at = async (kind: string, isSigned: boolean): Promise<string> =>
    `${setup.host}/${name}-${kind}@${(await setup.image(`${name}-${kind}`, isSigned)).digest}`;
  return { signed: await at('signed', true), unsigned: await at('unsigned', false) };
}

/** Asks about both images; what does not answer is `lost` unless it may be gone. */
async function askBoth(replica: Replica, { signed, unsigned }: Images, into: Row, mayBeGone = false): Promise<void> {
  const both = await withinMinute(Promise.all([verdictOf(replica, signed), verdictOf(replica, unsigned)]));
  if (both === undefined) return void into.hung++;
  const [allowed, refused] = both.value;
  if (!mayBeGone) into.lost += Number(allowed === undefined) + Number(refused === undefined);
  into.wrong += Number(allowed === false) + Number(refused === true);
}

scenario('an admission replica, killed while it answers; another one shares its cache', async (into) => {
  const redis = await startRedis();
  const stays = await setup.start({ REDIS_URL: redis.url });
  for (let i = 0; i < runs; i++) {
    into.runs++;
    const killed = await setup.start({ REDIS_URL: redis.url });
    const images = await createImages(`kill${i}`);
    const asked = Promise.all([
      ...Array.from({ length: 4 }, () => askBoth(killed, images, into, true)),
      pause(next() * 60).then(() => askBoth(stays, images, into)),
    ]);
    await pause(next() * 60);
    await killed.kill();
    await asked;
    await askBoth(stays, images, into);
  }
  await stays.stop();
  await redis.stop();
});

type Trouble = (redis: { readonly pid: number; readonly url: string }) => Promise<void>;

/** Every value takes another key's place, or is made nonsense. */
async function poison(url: string): Promise<void> {
  const store = new KeyvRedis<string>(url);
  const client = await store.getClient();
  if (!('del' in client) || !('get' in client)) throw new Error('expected a client of one Redis server');
  const keys = await client.keys('*');
  if (keys.length === 0) throw new Error('expected a cache with something in it');
  const values = await Promise.all(keys.map((key) => client.get(key)));
  for (const [i, key] of keys.entries())
    await client.set(key, next() < 0.5 ? String(values[(i + 1) % values.length]) : 'trusted');
  await store.disconnect(true);
}

const troubles: readonly (readonly [string, Trouble])[] = [
  ['killed', async ({ pid }) => void process.kill(pid, 'SIGKILL')],
  ['hung', async ({ pid }) => void process.kill(pid, 'SIGSTOP')],
  ['poisoned', ({ url }) => poison(url)],
];

for (const [name, trouble] of troubles)
  scenario(`admission with a Redis that is ${name}`, async (into) => {
    for (let i = 0; i < Math.ceil(runs / 10); i++) {
      into.runs++;
      const redis = await startRedis();
      const replicas = await Promise.all([1, 2].map(() => setup.start({ REDIS_URL: redis.url })));
      const known = await createImages(`${name}${i}-known`);
      const fresh = await createImages(`${name}${i}-fresh`);
      const all = (images: Images) => Promise.all(replicas.map((replica) => askBoth(replica, images, into)));
      await all(known);
      const meanwhile = all(await createImages(`${name}${i}-meanwhile`));
      await trouble(redis);
      await meanwhile;
      await all(known);
      await all(fresh);
      const late = await setup.start({ REDIS_URL: redis.url });
      await askBoth(late, known, into);
      if (name === 'hung') process.kill(redis.pid, 'SIGCONT');
      await redis.stop();
      await Promise.all([...replicas, late].map((replica) => replica.kill()));
    }
  });
