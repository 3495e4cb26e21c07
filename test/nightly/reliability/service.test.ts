// A service whose inputs all change: images, signatures, tags, policies, faults of the registry, and the certificate that it answers with.
// SOAK_SEED and SOAK_MINUTES choose the run, SOAK_WRITE=1 puts its row into docs/reliability.md.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAdmissionHandler, createCachedImageVerifier, verifyWith } from '@notarykit/admission';
import { utf8 } from '@notarykit/common';
import { type Descriptor, describe as describeContent, mediaTypes } from '@notarykit/oci';
import { createRegistry } from '@notarykit/registry-client';
import { createAuthority, createTrustLab, faults } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { sign } from 'notarykit';
import { imagesOf, podRequest } from '../../integration/admission/ask.js';
import { labPolicy } from '../../support/lab-policy.js';
import { random } from './ledger.js';
import { pause, withinMinute } from './process.js';
import { reportRows, scenario } from './scenario.js';
import { type Served, serveChanging } from './served.js';

const minutes = Number(process.env['SOAK_MINUTES'] ?? 10);
const next = random(Number(process.env['SOAK_SEED'] ?? 1));

reportRows();

/** A registry, a webhook that asks it, and what changes while it does. */
async function createInputs() {
  const [lab, other] = await Promise.all([
    createTrustLab({ registry: { remember: false } }),
    createAuthority({ name: 'Other' }),
  ]);
  const { host } = await lab.registry.listen();
  const endpoint = createRegistry({ registry: host, retry: { maxRetries: 0 }, timeouts: { headersMs: 1000 } });
  const repository = endpoint.repository('app');
  const trustOf = (scopes: readonly string[], root?: Uint8Array) => ({
    policy: parseTrustPolicy(labPolicy({ name: 'cluster', scopes, withoutRevocation: true })),
    trustStore: memoryTrustStore(root === undefined ? lab.trustStore : { ca: { lab: [root] } }),
  });
  const right = trustOf(['*']);
  const wrong = [trustOf(['elsewhere.test/app']), trustOf(['*'], other.root.certificate)];
  let trust = right;
  let isFaulty = false;
  const verifier = verifyWith({ policy: () => ({ trust }), open: (image) => endpoint.repository(image.repository) });
  const handler = createAdmissionHandler({
    review: { verify: createCachedImageVerifier({ ...verifier, refusedTtlMs: 50 }) },
    tags: 'digests',
  });
  const signed = new Set<string>();
  const images: Descriptor[] = [];
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T;
  let made = 0;
  const changes: readonly (() => Promise<void>)[] = [
    async function policy() {
      trust = next() < 0.6 ? right : pick(wrong);
    },
    async function faultsOfRegistry() {
      lab.registry.clearRules();
      isFaulty = next() < 0.5;
      const action = pick([
        faults.status({ status: 503 }),
        faults.cut(),
        faults.stall(),
        faults.status({ status: 404 }),
      ]);
      if (isFaulty) lab.registry.rule({ method: 'GET', every: 1 + Math.floor(next() * 3), action });
    },
    async function image() {
      const annotations = { n: `${made++}` };
      const bytes = utf8(
        JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: [], annotations }),
      );
      const pushed = describeContent(mediaTypes.imageIndex, bytes);
      if (!isFaulty) await repository.push(pushed, bytes);
      if (!isFaulty) images.push(pushed);
      if (images.length > 50) images.shift();
    },
    async function signature() {
      if (isFaulty || images.length === 0) return;
      const image = pick(images);
      // It counts as signed from before it is: an answer in between may be either.
      signed.add(image.digest);
      await sign(repository, image, { signer: lab.signer });
    },
    async function tag() {
      if (!isFaulty && images.length > 0) await repository.tag(pick(images), 'moving');
    },
  ];
  return {
    host,
    handler,
    signed,
    images,
    pick,
    isTrusting: () => trust === right,
    change: () => pick(changes)(),
    /** From now on nothing is the matter. */
    repair() {
      lab.registry.clearRules();
      trust = right;
    },
    close: () => lab.close(),
  };
}

interface Answer {
  /** What it was decided about. */
  readonly digest: string;
  readonly allowed: boolean;
}

type Inputs = Awaited<ReturnType<typeof createInputs>>;

/** Four images by digest, each over its own connection, and one by a tag over the connection that is kept. */
function askRound({ host, images, pick }: Inputs, served: Served): readonly Promise<Answer>[] {
  const byDigest = async ({ digest }: Descriptor): Promise<Answer> => {
    const { outcome } = await served.ask('validate', podRequest([`${host}/app@${digest}`]));
    return { digest, allowed: outcome === 'allow' };
  };
  const byTag = async (): Promise<Answer> => {
    const outcome = await served.ask('mutate', podRequest([`${host}/app:moving`]), true);
    if (outcome.outcome !== 'allow') return { digest: '', allowed: false };
    return { digest: imagesOf(outcome)[0]?.split('@')[1] ?? '', allowed: true };
  };
  return [...(images.length === 0 ? [] : Array.from({ length: 4 }, () => byDigest(pick(images)))), byTag()];
}

/** Comes to its end when every signed image is allowed and the last whole certificate is in use. */
async function settle({ host, images, signed }: Inputs, served: Served): Promise<void> {
  for (const { digest } of images.filter((one) => signed.has(one.digest)))
    while ((await served.ask('validate', podRequest([`${host}/app@${digest}`]))).outcome !== 'allow') await pause(100);
  while ((await served.state()) !== 'current') await pause(100);
}

scenario(`rounds of ${minutes} minutes of service with every input changing`, async (into) => {
  const folder = await mkdtemp(join(tmpdir(), 'notarykit-service-'));
  const inputs = await createInputs();
  const served = await serveChanging(inputs.handler, folder, next);
  const seen = { allowed: 0, refused: 0 };
  const end = performance.now() + minutes * 60_000;
  while (performance.now() < end) {
    into.runs++;
    const before = inputs.isTrusting();
    const asked = askRound(inputs, served).map((answer) => answer.catch(() => void into.lost++));
    const changing = Promise.all([inputs.change(), into.runs % 10 === 0 ? served.change() : undefined]);
    const answers = await withinMinute(Promise.all(asked));
    if (answers === undefined) into.hung++;
    await changing;
    for (const answer of answers?.value ?? []) {
      if (answer === undefined) continue;
      seen[answer.allowed ? 'allowed' : 'refused']++;
      if (answer.allowed && !(inputs.signed.has(answer.digest) && (before || inputs.isTrusting()))) into.wrong++;
    }
    if (into.runs % 5 === 0 && (await served.state()) === 'wrong') into.wrong++;
  }
  inputs.repair();
  await served.renew();
  if ((await withinMinute(settle(inputs, served))) === undefined) into.lost++;
  // A service that always says the same, or never took another certificate, would show nothing.
  if (seen.allowed === 0 || seen.refused === 0 || served.seen < 2) into.wrong++;
  process.stdout.write(`answers: ${seen.allowed} allowed, ${seen.refused} refused, with ${served.seen} certificates\n`);
  await Promise.all([served.close(), inputs.close()]);
  await rm(folder, { recursive: true });
});
