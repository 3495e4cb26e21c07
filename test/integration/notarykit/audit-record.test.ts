import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MemoryRepository, memoryRepository } from '@notarykit/oci';
import { createRevocationChecker, offlineRevocationChecker } from '@notarykit/pki';
import { createTrustLab, type TrustLab } from '@notarykit/testing';
import { memoryTrustStore, type RecordedOutcome, simulate } from '@notarykit/trust-policy';
import {
  type AuditableRepository,
  type AuditOptions,
  type AuditRecord,
  audit,
  createAuditRecord,
  parseAuditRecord,
  sign,
} from 'notarykit';
import { auditRecordFile, readAuditRecord } from 'notarykit/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createInventory,
  fill,
  type Inventory,
  kinds,
  now,
  policyFor,
  pushImage,
  pushIndex,
} from '../../support/audit/inventory.js';

type Repository = ReturnType<Inventory['repository']>;

/** Audits, and gives the lines of the record. */
async function recorded(repository: AuditableRepository, options: AuditOptions): Promise<readonly string[]> {
  const lines: string[] = [];
  const record = createAuditRecord((line) => void lines.push(line));
  for await (const _ of audit(repository, { ...options, record }));
  await record.end();
  return lines;
}

const verdictsOf = (outcomes: readonly RecordedOutcome[]) =>
  outcomes.map(({ tags, verdict, candidates }) => [tags?.[0]?.slice(6), verdict, candidates.length]);

describe('a record of an audit', () => {
  let inventory: Inventory;
  let repository: Repository;
  let record: AuditRecord;
  beforeAll(async () => {
    inventory = await createInventory();
    repository = inventory.repository('app');
    await fill(inventory, repository, kinds.length);
    record = await parseAuditRecord((await recorded(repository, inventory.trust)).join(''));
  });

  it('holds every manifest in the order of the results, with its verdict and all that is listed as a signature', () => {
    expect(verdictsOf(record.outcomes)).toEqual([
      ['signed', 'trusted', 1],
      ['unsigned', 'refused', 0],
      ['ending', 'trusted', 1],
      ['foreign', 'refused', 1],
      ['index', 'trusted', 1],
      ['index', 'trusted', 1],
      ['index', 'refused', 0],
      ['twice', 'trusted', 1],
    ]);
    expect(record).toMatchObject({ answers: [], unrecorded: [] });
    expect(record.outcomes.at(-1)?.tags).toHaveLength(2);
  });

  it('makes no request when the policy requests all signatures', async () => {
    const { requests } = inventory.lab.registry;
    const before = requests.length;
    for await (const _ of audit(repository, inventory.trust));
    const alone = requests.length - before;
    await recorded(repository, inventory.trust);
    expect(requests.length - before - alone).toBe(alone);
  });

  it('feeds a simulation that makes no request, with the same verdicts under the same policy', async () => {
    const { requests } = inventory.lab.registry;
    const before = requests.length;
    const { policy, ...options } = inventory.trust;
    const same = await simulate(policy, record.outcomes, options);
    expect(same.map(({ before: old, after }) => old === after)).toEqual(record.outcomes.map(() => true));
    const nobody = policyFor(['*'], { trustedIdentities: ['x509.subject:C=US,ST=WA,O=Nobody'] });
    const flips = (await simulate(nobody, record.outcomes, options)).filter((one) => one.flips);
    expect(flips.map(({ tags, after }) => [tags?.[0]?.slice(6), after])).toEqual(
      ['signed', 'ending', 'index', 'index', 'twice'].map((name) => [name, 'refused']),
    );
    expect(requests.length).toBe(before);
  });

  it('contains the signatures of skipped and uncovered images, so that a stricter policy can be tried', async () => {
    const { policy, ...options } = inventory.trust;
    const skip = { level: 'skip' };
    for (const [document, verdict] of [
      [
        policyFor([repository.name], { signatureVerification: skip, trustStores: [], trustedIdentities: [] }),
        'skipped',
      ],
      [policyFor(['other.test/x']), 'refused'],
    ] as const) {
      const lines = await recorded(repository, { ...inventory.trust, policy: document });
      const { outcomes } = await parseAuditRecord(lines);
      expect(new Set(outcomes.map((one) => one.verdict))).toEqual(new Set([verdict]));
      const strict = await simulate(policy, outcomes, options);
      expect(strict.map(({ before, after, flips }) => [before, after, flips])).toEqual(
        record.outcomes.map((one) => [verdict, one.verdict, true]),
      );
    }
  });

  it('keeps the scope by which the statement was selected', async () => {
    const scope = 'elsewhere.test/app';
    const policy = policyFor([scope]);
    const { outcomes } = await parseAuditRecord(await recorded(repository, { ...inventory.trust, policy, scope }));
    expect(outcomes[0]).toMatchObject({ repository: repository.name, scope, verdict: 'trusted' });
    const { policy: _, ...options } = inventory.trust;
    expect((await simulate(policy, outcomes, options))[0]).toMatchObject({ after: 'trusted', flips: false });
  });

  it('says what it could not look at, and records what could not be found out as undecided', async () => {
    const whole = memoryRepository('registry.test/broken');
    const image = async (name: string) => {
      const pushed = await pushImage(whole, name);
      await sign(whole, pushed, { signer: inventory.signers.lab, now });
      return pushed;
    };
    const [a, , c] = [await image('a'), await image('b'), await image('c')];
    const { index } = await pushIndex(whole, 'd', ['amd64']);
    await sign(whole, index, { signer: inventory.signers.lab, now });
    const broken: AuditableRepository = {
      ...whole,
      resolve: (name, options) =>
        name === 'b' ? Promise.reject(new Error('connection reset')) : whole.resolve(name, options),
      fetch: (descriptor, options) =>
        descriptor.digest === index.digest || descriptor.mediaType === 'application/jose+json'
          ? Promise.reject(Object.assign(new Error('come back later'), { code: 'ERR_REGISTRY_UNAVAILABLE' }))
          : whole.fetch(descriptor, options),
      async *referrers(subject, options) {
        if (subject.digest === a.digest) throw new Error('no listing');
        yield* whole.referrers(subject, options);
      },
    };
    const found = await parseAuditRecord(await recorded(broken, inventory.trust));
    expect(
      found.outcomes.map(({ descriptor, verdict, candidates: [first] }) => [descriptor.digest, verdict, first?.kind]),
    ).toEqual([
      [c.digest, 'undecided', 'unreadable'],
      [index.digest, 'undecided', 'unreadable'],
    ]);
    expect(found.unrecorded.map(({ tags, digest }) => [tags[0], digest])).toEqual([
      ['a', a.digest],
      ['b', undefined],
      ['d', index.digest],
    ]);
    const { policy, ...options } = inventory.trust;
    for (const { after, flips } of await simulate(policy, found.outcomes, options))
      expect([after, flips]).toEqual(['undecided', false]);
  });
});

describe('revocation', () => {
  let lab: TrustLab;
  let repository: MemoryRepository;
  beforeAll(async () => {
    lab = await createTrustLab();
    repository = memoryRepository('registry.test/app');
    const ocsp = lab.services.ocspUrl('http://pki.lab.test');
    for (const name of ['good', 'revoked']) {
      const leaf = await lab.authority.issueLeaf({ ocspUrls: [ocsp] });
      const image = await pushImage(repository, name);
      await sign(repository, image, { signer: leaf.signer });
      if (name === 'revoked') lab.services.revoke(leaf);
    }
  });
  const strict = policyFor(['*'], { signatureVerification: { level: 'strict' } });
  const trustStore = () => memoryTrustStore(lab.trustStore);
  const simulated = async ({ outcomes, answers }: AuditRecord) =>
    (
      await simulate(strict, outcomes, { trustStore: trustStore(), revocation: offlineRevocationChecker({ answers }) })
    ).map(({ tags, before, after, flips }) => [tags?.[0], before, after, flips]);
  const auditUnder = async (policy: AuditOptions['policy']): Promise<AuditRecord> => {
    const lines: string[] = [];
    const record = createAuditRecord((line) => void lines.push(line));
    const revocation = createRevocationChecker({ fetch: lab.services.fetch, onAnswer: record.answer });
    for await (const _ of audit(repository, { policy, trustStore: trustStore(), revocation, record }));
    await record.end();
    return await parseAuditRecord(lines);
  };

  it('R1 answers are recorded, and a simulation uses only them', async () => {
    const record = await auditUnder(strict);
    expect(record.answers.length).toBe(2);
    expect(await simulated(record)).toEqual([
      ['good', 'trusted', 'trusted', false],
      ['revoked', 'refused', 'refused', false],
    ]);
    const changed = record.answers.map(({ answer, ...one }) => ({ ...one, answer: answer.map((byte) => byte ^ 1) }));
    expect(await simulated({ ...record, answers: changed })).toEqual([
      ['good', 'trusted', 'undecided', false],
      ['revoked', 'refused', 'undecided', false],
    ]);
  });

  it('R1 revocation that was not asked about at the time is undecided, and not a flip', async () => {
    const record = await auditUnder(policyFor(['*']));
    expect(record.answers).toEqual([]);
    expect(await simulated(record)).toEqual([
      ['good', 'trusted', 'undecided', false],
      ['revoked', 'trusted', 'undecided', false],
    ]);
  });
});

describe('a record that is read', () => {
  let lines: readonly string[];
  beforeAll(async () => {
    const inventory = await createInventory();
    const repository = inventory.repository('app');
    await fill(inventory, repository, 2);
    lines = await recorded(repository, inventory.trust);
  });
  const code = async (text: string): Promise<string> =>
    parseAuditRecord(text).then(
      () => 'read',
      (error) => error.code,
    );

  it('R2 may be several records one after the other', async () => {
    expect((await parseAuditRecord([...lines, ...lines])).outcomes).toHaveLength(4);
  });

  it('R2 is refused when it is truncated anywhere, or lacks a line', async () => {
    const text = lines.join('');
    expect(lines).toHaveLength(3);
    for (const end of [0, 1, text.length / 2, text.length - 3])
      expect(await code(text.slice(0, end))).toBe('ERR_NOTARYKIT_RECORD');
    for (const [i] of lines.entries())
      expect(await code(lines.filter((_, n) => n !== i).join('')), String(i)).toBe('ERR_NOTARYKIT_RECORD');
    expect(await code([...lines, lines[0]].join(''))).toBe('ERR_NOTARYKIT_RECORD');
  });

  it.each([
    ['verdict', 'certain'],
    // Words of earlier versions.
    ['verdict', 'notTrusted'],
    ['verdict', 'noStatement'],
    ['code', 404],
    ['repository', 'app'],
    ['scope', 'https://registry.test/app'],
    ['descriptor', { mediaType: 'a/b', digest: 'sha256:1', size: 1 }],
    ['at', 'yesterday'],
    ['tags', [1]],
    ['candidates', {}],
    ['candidates', [{ kind: 'envelope' }]],
    ['candidates', [{ kind: 'other' }]],
    ['type', 'verdict'],
  ])('R2 is refused with another %s', async (member, value) => {
    const [first = '', ...rest] = lines;
    const changed = JSON.stringify({ ...JSON.parse(first), [member]: value });
    await expect(parseAuditRecord([changed, ...rest])).rejects.toMatchObject({
      code: 'ERR_NOTARYKIT_RECORD',
      message: expect.stringContaining('line 1 of the record'),
    });
  });
});

it('R2 a refusal keeps its reason', async () => {
  const lines: string[] = [];
  const record = createAuditRecord((line) => void lines.push(line));
  const descriptor = { mediaType: 'a/b', digest: `sha256:${'0'.repeat(64)}`, size: 1 } as const;
  const outcome = { repository: 'registry.test/app', descriptor, at: '2026-06-01T00:00:00Z', candidates: [], tags: [] };
  const refused = { ...outcome, verdict: 'refused', code: 'ERR_TRUST_NO_STATEMENT' } as const;
  await record.outcome(refused);
  await record.end();
  expect((await parseAuditRecord(lines)).outcomes).toEqual([refused]);
});

describe('a record in a file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'notarykit-record-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is read as it was written, never overwritten, and cannot be read without its end', async () => {
    const path = join(folder, 'a.jsonl');
    const file = await auditRecordFile(path);
    await file.unrecorded({ repository: 'registry.test/app', tags: ['v1'], code: 'E', message: 'm' });
    await expect(readAuditRecord(path)).rejects.toMatchObject({ code: 'ERR_NOTARYKIT_RECORD' });
    await file.end();
    await file.close();
    expect((await readAuditRecord(path)).unrecorded).toHaveLength(1);
    await expect(auditRecordFile(path)).rejects.toMatchObject({ code: 'ERR_NOTARYKIT_FILE' });
    for (const unreadable of [join(folder, 'none'), folder, `${path}\0`])
      await expect(readAuditRecord(unreadable)).rejects.toMatchObject({ code: 'ERR_NOTARYKIT_FILE' });
    const late = file.unrecorded({ repository: 'registry.test/app', tags: [], code: 'E', message: 'm' });
    await expect(late).rejects.toMatchObject({ code: 'ERR_NOTARYKIT_FILE' });
  });
});
