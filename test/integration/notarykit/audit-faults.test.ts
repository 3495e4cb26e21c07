import { memoryCache } from '@notarykit/common';
import { type Descriptor, describe as describeBytes, mediaTypes, memoryRepository } from '@notarykit/oci';
import {
  type AuditableRepository,
  type AuditResult,
  audit,
  createCachedVerifier,
  planResigning,
  sign,
  type Trust,
} from 'notarykit';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  createInventory,
  type Inventory,
  now,
  policyFor,
  pushImage,
  pushIndex,
} from '../../support/audit/inventory.js';
import { type VerifyArtifactOptions, verifyArtifactSignatures } from '../../support/verify-artifact.js';

let inventory: Inventory;
let trust: Trust;
let repository: AuditableRepository;
let images: Readonly<Record<string, Descriptor>>;
beforeAll(async () => {
  inventory = await createInventory();
  trust = inventory.trust;
  repository = memoryRepository('registry.test/app');
  const entries = [];
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) {
    const image = await pushImage(repository, name);
    await sign(repository, image, { signer: inventory.signers.lab, now });
    entries.push([name, image]);
  }
  images = Object.fromEntries(entries);
});

const nameOf = ({ tags }: AuditResult): string => tags.join();

async function verdictsOf(results: AsyncIterable<AuditResult>): Promise<Readonly<Record<string, string>>> {
  const verdicts: Record<string, string> = {};
  for await (const result of results) verdicts[nameOf(result)] = result.problem?.code ?? result.verdict;
  return verdicts;
}

describe('what cannot be judged', () => {
  it('a missing tag, and a listing or signature that cannot be fetched, are results; the rest is judged', async () => {
    const broken: AuditableRepository = {
      ...repository,
      resolve: (name, options) =>
        name === 'b' ? Promise.reject(new Error('connection reset')) : repository.resolve(name, options),
      fetch: (descriptor, options) =>
        descriptor.digest === envelopeOfD.digest
          ? Promise.reject(Object.assign(new Error('come back later'), { code: 'ERR_REGISTRY_UNAVAILABLE' }))
          : repository.fetch(descriptor, options),
      async *referrers(subject, options) {
        if (subject.digest === images['c']?.digest) throw new Error('no listing');
        yield* repository.referrers(subject, options);
      },
    };
    const [envelopeOfD] = (await signaturesOf('d')) as [Descriptor];
    const results: AuditResult[] = [];
    for await (const result of audit(broken, trust)) results.push(result);
    const reported = Object.fromEntries(
      results.map((result) => [nameOf(result), [result.verdict, result.problem?.code]]),
    );
    expect(reported).toMatchObject({
      a: ['trusted', undefined],
      b: ['undecided', 'ERR_NOTARYKIT_AUDIT'],
      c: ['undecided', 'ERR_NOTARYKIT_AUDIT'],
      d: ['undecided', 'ERR_TRUST_NOT_VERIFIED'],
      h: ['trusted', undefined],
    });
    const { undecided, renew, review } = await planResigning(results, { now });
    expect([undecided.map(nameOf), renew, review]).toEqual([['b', 'c', 'd'], [], []]);
  });

  async function signaturesOf(name: string): Promise<readonly Descriptor[]> {
    const found: Descriptor[] = [];
    for await (const referrer of repository.referrers(images[name] as Descriptor)) found.push(referrer);
    return found;
  }

  it('an unreadable index is an error, even if it is signed', async () => {
    const place = memoryRepository('registry.test/app');
    const { index } = await pushIndex(place, 'multi', ['amd64']);
    await sign(place, index, { signer: inventory.signers.lab, now });
    const sparse: AuditableRepository = {
      ...place,
      fetch: (descriptor, options) =>
        descriptor.digest === index.digest ? Promise.reject(new Error('gone')) : place.fetch(descriptor, options),
    };
    expect(await verdictsOf(audit(sparse, trust))).toEqual({ multi: 'ERR_NOTARYKIT_AUDIT' });
    expect(await verdictsOf(audit(sparse, { ...trust, platforms: 'index' }))).toEqual({ multi: 'trusted' });
  });

  it('no statement for the repository is a refusal, and a policy that skips is a separate verdict', async () => {
    const elsewhere = policyFor(['registry.test/other']);
    const [first] = Object.values(await verdictsOf(audit(repository, { ...trust, policy: elsewhere })));
    expect(first).toBe('ERR_TRUST_NO_STATEMENT');
    const skipping = policyFor(['registry.test/app'], {
      signatureVerification: { level: 'skip' },
      trustStores: [],
      trustedIdentities: [],
    });
    for await (const { verdict, against } of audit(repository, { ...trust, policy: skipping, against: trust })) {
      expect([verdict, against?.verdict, against?.flips]).toEqual(['skipped', 'trusted', true]);
    }
  });
});

describe('an audit', () => {
  it('respects its concurrency, and gives results in order', async () => {
    let running = 0;
    let most = 0;
    const turns = new Map(Object.values(images).map(({ digest }, i) => [digest, 8 - i]));
    const verifier = async (...args: Parameters<typeof verifyArtifactSignatures>) => {
      most = Math.max(most, ++running);
      for (let turn = turns.get(args[1].digest) ?? 0; turn > 0; turn--) await new Promise(setImmediate);
      const verdict = await verifyArtifactSignatures(...args);
      running--;
      return verdict;
    };
    const verdicts = await verdictsOf(audit(repository, { ...trust, verifier, concurrency: 3 }));
    expect(Object.keys(verdicts)).toEqual(Object.keys(images));
    expect(most).toBe(3);
  });

  it('ends its work when the loop is left', async () => {
    const signals: AbortSignal[] = [];
    const verifier = async (...[place, image, options]: Parameters<typeof verifyArtifactSignatures>) => {
      if (options.signal !== undefined) signals.push(options.signal);
      return verifyArtifactSignatures(place, image, options);
    };
    for await (const result of audit(repository, { ...trust, verifier, concurrency: 2 })) {
      expect(nameOf(result)).toBe('a');
      break;
    }
    expect(signals.length).toBeLessThanOrEqual(3);
    expect(signals.every(({ aborted }) => aborted)).toBe(true);
  });

  it('rejects with the reason of the caller’s signal', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const run = async (): Promise<void> => {
      for await (const _ of audit(repository, { ...trust, signal: controller.signal })) controller.abort(reason);
    };
    await expect(run()).rejects.toBe(reason);
  });

  it('refuses more tags than it may take, and what it cannot list', async () => {
    await expect(verdictsOf(audit(repository, { ...trust, maxTags: 7 }))).rejects.toMatchObject({
      code: 'ERR_NOTARYKIT_AUDIT',
    });
    const chosen = audit(repository, { ...trust, maxTags: 7, tags: (tag) => tag > 'f' });
    expect(Object.keys(await verdictsOf(chosen))).toEqual(['g', 'h']);
    const { tags: _, ...silent } = repository;
    await expect(verdictsOf(audit(silent as AuditableRepository, trust))).rejects.toMatchObject({
      code: 'ERR_NOTARYKIT_ARGUMENT',
    });
  });

  it('takes a list of many repositories, and goes on after its cursor', async () => {
    const other = memoryRepository('registry.test/other');
    const image = await pushImage(other, 'x');
    const list = [
      { repository, reference: 'a' },
      { repository, reference: images['b'] as Descriptor },
      { repository: other, reference: image.digest },
      { repository: other, reference: 'nowhere' },
    ];
    const results: AuditResult[] = [];
    for await (const result of audit(list, trust)) results.push(result);
    expect(
      results.map(({ repository: name, verdict, problem, cursor }) => [name, verdict, problem?.code, cursor]),
    ).toEqual([
      ['registry.test/app', 'trusted', undefined, '1'],
      ['registry.test/app', 'trusted', undefined, '2'],
      ['registry.test/other', 'refused', 'ERR_TRUST_NO_SIGNATURE', '3'],
      ['registry.test/other', 'undecided', 'ERR_OCI_NOT_FOUND', '4'],
    ]);
    const rest: string[] = [];
    for await (const { cursor } of audit(list, { ...trust, after: '2' })) rest.push(cursor);
    expect(rest).toEqual(['3', '4']);
    await expect(verdictsOf(audit(list, { ...trust, after: 'v1' }))).rejects.toMatchObject({
      code: 'ERR_NOTARYKIT_ARGUMENT',
    });
  });

  it('an image under the name of a list of referrers is audited', async () => {
    const place = memoryRepository('registry.test/app');
    const { index } = await pushIndex(place, 'multi', ['amd64']);
    const disguise = `sha256-${'0'.repeat(64)}`;
    await place.tag(index, disguise);
    await place.untag('multi');
    const list = new TextEncoder().encode('{"schemaVersion":2,"manifests":[]}');
    const empty = describeBytes(mediaTypes.imageIndex, list);
    await place.push(empty, list);
    await place.tag(empty, `sha256-${'1'.repeat(64)}`);
    expect(Object.keys(await verdictsOf(audit(place, trust)))).toEqual([disguise]);
  });

  it('reports its progress', async () => {
    const reported: string[] = [];
    const onProgress = ({ done, total, result }: { done: number; total?: number; result: AuditResult }) =>
      reported.push(`${done}/${total} ${nameOf(result)}`);
    await verdictsOf(audit(repository, { ...trust, onProgress, after: 'f' }));
    expect(reported).toEqual(['1/2 g', '2/2 h']);
  });

  it('shares verdicts through a cache, the ends of signatures included', async () => {
    const place = memoryRepository('registry.test/app');
    const image = await pushImage(place, 'v1');
    const expiry = [20, 40].map((days) => new Date(now.getTime() + days * 86_400_000));
    for (const end of expiry) await sign(place, image, { signer: inventory.signers.lab, now, expiry: end });
    const cache = memoryCache<string>();
    let listed = 0;
    const counted: AuditableRepository = {
      ...place,
      source: 'memory of this test',
      referrers: (...args) => {
        listed++;
        return place.referrers(...args);
      },
    };
    for (const worker of [1, 2, 3]) {
      const verifier = createCachedVerifier({ cache });
      for await (const { verdict, renewBy } of audit(counted, { ...trust, verifier })) {
        expect([worker, verdict, renewBy && new Date(renewBy.time)]).toEqual([worker, 'trusted', expiry[1]]);
      }
    }
    expect(listed).toBe(1);
    // A verdict that stopped at the first signature is another one.
    const options: VerifyArtifactOptions = { ...trust, policy: trust.policy };
    await createCachedVerifier({ cache })(counted, image, options);
    expect(listed).toBe(2);
  });
});
