// The clock that tells the date steps while something waits, is remembered or is locked.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCachedImageVerifier, verifyWith } from '@notarykit/admission';
import { packArtifact } from '@notarykit/artifact-graph';
import { type Cache, isCodedError, memoryCache, sealedCache } from '@notarykit/common';
import { acquireFileLock } from '@notarykit/common/internal/node';
import { createRegistry } from '@notarykit/registry-client';
import {
  createEmbeddedRegistry,
  createTrustLab,
  type EmbeddedRegistry,
  type EmbeddedRegistryOptions,
  faults,
} from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { sign } from 'notarykit';
import { labPolicy } from '../../support/lab-policy.js';
import { pause, withinMinute } from './process.js';
import { reportRows, scenario } from './scenario.js';

reportRows();

const hour = 3_600_000;
const steps = [-24 * hour, -hour, hour, 24 * hour];
const coded = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => false,
    (error: unknown) => isCodedError(error),
  );

/** Begins something, and gives what is to be asked after the step: whether all is as it must be. */
type Begin = () => Promise<() => Promise<boolean>>;

/** A check after which a registry closes. */
const ending = (registry: EmbeddedRegistry, check: () => Promise<boolean>) => async (): Promise<boolean> => {
  const isRight = await check();
  await registry.close();
  return isRight;
};

/** A registry on loopback with an artifact in it, and a client that tries once. */
async function createPlace(options: EmbeddedRegistryOptions = {}, retries = 0) {
  const registry = createEmbeddedRegistry({ ...options, remember: false });
  const { host } = await registry.listen();
  const credentials = { username: 'u', password: 'p' };
  const timeouts = { headersMs: 200, idleMs: 200, metadataMs: 400 };
  const open = (more: object) =>
    createRegistry({ registry: host, credentials, retry: { maxRetries: retries }, ...more }).repository('app');
  const { descriptor } = await packArtifact(open({}), {
    artifactType: 'application/vnd.test',
    layers: [],
    tags: ['v1'],
  });
  return { registry, descriptor, hasty: open({ timeouts }), patient: open({}) };
}

function forgetful(): Cache<string> {
  const texts = new Map<string, string>();
  return {
    get: async (key) => texts.get(key),
    set: async (key, text) => texts.set(key, text),
    delete: async (key) => texts.delete(key),
  };
}

const kept =
  (cache: Cache<string>): Begin =>
  async () => {
    await cache.set('a', 'trusted', 50);
    return async () => {
      await pause(60);
      return (await cache.get('a')) === undefined;
    };
  };

const begun: Readonly<Record<string, Begin>> = {
  'an entry of a cache': kept(memoryCache<string>()),
  'a sealed entry, in a store that forgets nothing': async () => {
    const cache = sealedCache(forgetful(), { secret: new Uint8Array(32).fill(7) });
    await cache.set('a', 'trusted', 50);
    return async () => {
      await pause(60);
      return (await cache.get('a')) === undefined;
    };
  },
  'a lock that is held': async () => {
    const folder = await mkdtemp(join(tmpdir(), 'notarykit-clock-'));
    const lock = await acquireFileLock(join(folder, 'a.lock'), { ageMs: 300 });
    return async () => {
      const refused = await coded(acquireFileLock(join(folder, 'a.lock'), { ageMs: 300, waitMs: 0 }));
      await lock.release();
      await rm(folder, { recursive: true });
      return refused;
    };
  },
  'an answer that does not come': async () => {
    const { registry, hasty } = await createPlace();
    registry.rule({ route: 'manifest', action: faults.stall() });
    const refused = coded(hasty.resolve('v1'));
    return ending(registry, async () => await refused);
  },
  'a body that stops': async () => {
    const { registry, hasty, descriptor } = await createPlace();
    registry.rule({ route: 'manifest', action: faults.stallBodyAfter(10) });
    const refused = coded(hasty.fetch(descriptor).then((body) => new Response(body).arrayBuffer()));
    return ending(registry, async () => await refused);
  },
  'a slow answer that comes': async () => {
    const { registry, patient, descriptor } = await createPlace();
    registry.rule({ route: 'manifest', action: faults.slowBody(100, 20) });
    const whole = patient.fetch(descriptor).then((body) => new Response(body).arrayBuffer());
    return ending(registry, async () => (await whole).byteLength === descriptor.size);
  },
  'a registry that asked to be left alone for a second': async () => {
    const { registry, patient, descriptor } = await createPlace({}, 2);
    registry.rule({ route: 'manifest', first: 1, action: faults.status({ status: 429, retryAfter: 1 }) });
    const found = patient.resolve('v1');
    return ending(registry, async () => (await found).digest === descriptor.digest);
  },
  'a token': async () => {
    const auth = { scheme: 'token', accounts: [{ username: 'u', password: 'p' }], tokenLifeSeconds: 60 } as const;
    const { registry, patient, descriptor } = await createPlace({ auth });
    return ending(registry, async () => (await patient.resolve('v1')).digest === descriptor.digest);
  },
  'a registry that failed, and a verdict': async () => {
    const lab = await createTrustLab({ registry: { remember: false } });
    const { host } = await lab.registry.listen();
    const repository = createRegistry({ registry: host, retry: { maxRetries: 0 } }).repository('app');
    const { descriptor } = await packArtifact(repository, { artifactType: 'application/vnd.test', layers: [] });
    await sign(repository, descriptor, { signer: lab.signer });
    const trust = {
      policy: parseTrustPolicy(labPolicy({ name: 'all', scopes: ['*'], withoutRevocation: true })),
      trustStore: memoryTrustStore(lab.trustStore),
    };
    const core = verifyWith({ policy: { trust }, open: () => repository, pauseMs: 50 });
    let decided = 0;
    const verify = createCachedImageVerifier({
      ...core,
      trustedTtlMs: 50,
      request: async (image, found, context) => {
        const asked = await core.request(image, found, context);
        return 'verdict' in asked
          ? asked
          : {
              ...asked,
              decide: (call) => {
                decided++;
                return asked.decide(call);
              },
            };
      },
    });
    const reference = { registry: host, repository: 'app', digest: descriptor.digest };
    const ask = () => verify({ written: 'app', reference }, { dryRun: false });
    lab.registry.rule({ first: 1, action: faults.status({ status: 503 }) });
    await ask().catch(() => undefined);
    await pause(60);
    const first = await ask();
    return async () => {
      await pause(60);
      const again = await ask();
      await lab.close();
      return first.verdict === 'trusted' && again.verdict === 'trusted' && decided >= 2;
    };
  },
};

for (const [what, begin] of Object.entries(begun))
  scenario(`the clock steps: ${what}`, async (into) => {
    const real = Date.now;
    for (const step of steps) {
      into.runs++;
      const check = await begin();
      Date.now = () => real() + step;
      try {
        const outcome = await withinMinute(check().catch(() => false));
        if (outcome === undefined) into.hung++;
        else if (!outcome.value) into.wrong++;
      } finally {
        Date.now = real;
      }
    }
  });
