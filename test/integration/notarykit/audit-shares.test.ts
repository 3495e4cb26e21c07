import { memoryRepository } from '@notarykit/oci';
import { type AuditableRepository, type AuditOptions, type AuditResult, audit, sign } from 'notarykit';
import { beforeAll, describe, expect, it } from 'vitest';
import { createInventory, fill, type Inventory, now, pushImage } from '../../support/audit/inventory.js';

const count = 36;

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** What a result says, without the other tags of its artifact. */
const reported = (result: AuditResult): object => ({ ...result, tags: [], cursor: '' });

describe.each(['api', 'tag-schema'] as const)('an audit split into parts, referrers by %s', (referrers) => {
  let inventory: Inventory;
  let repository: ReturnType<Inventory['repository']>;
  let whole: readonly AuditResult[];
  beforeAll(async () => {
    inventory = await createInventory({ referrers, tagsPageSize: 7 });
    repository = inventory.repository('app');
    await fill(inventory, repository, count);
    whole = await all(audit(repository, inventory.trust));
  }, 120_000);
  const run = (options: Partial<AuditOptions>) => all(audit(repository, { ...inventory.trust, ...options }));

  it('says the same of each tag as of its artifact, and gives no list of referrers for one', async () => {
    const results = await run({ group: 'none' });
    const tags = whole.flatMap((result) => result.tags).sort();
    expect(results.map((result) => result.tags)).toEqual(tags.map((tag) => [tag]));
    expect(results.map(({ cursor }) => cursor)).toEqual(tags);
    for (const result of results)
      expect(reported(result)).toEqual(reported(whole.find((one) => one.tags.includes(result.cursor)) as AuditResult));
  });

  it.each(['digest', 'none'] as const)('shared by cursor, looks at each once: by %s', async (group) => {
    const alone = await run({ group });
    // The tags of one artifact are on both sides of the last bound.
    const shares = [
      await run({ group, until: 'a0010' }),
      await run({ group, after: 'a0010', until: 'a0020-unsigned' }),
      await run({ group, after: 'a0020-unsigned', until: 'm' }),
      await run({ group, after: 'm' }),
    ];
    expect(shares.flat()).toEqual(alone);
    expect(shares.slice(0, 3).every(({ length }) => length > 0)).toBe(true);
    expect(await run({ group, after: 'm', until: 'b' })).toEqual([]);
  });

  it('shared by a queue, looks at each once', async () => {
    const queue = whole.map(({ tags }) => ({ repository, reference: tags[0] as string }));
    async function* take() {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) yield next;
    }
    const workers = await Promise.all([1, 2, 3].map(() => all(audit(take(), inventory.trust))));
    const digests = workers.flat().map(({ descriptor }) => descriptor?.digest);
    expect([...digests].sort()).toEqual(whole.map(({ descriptor }) => descriptor?.digest).sort());
  });

  it('of a list, ends at the position of a cursor', async () => {
    const taken: number[] = [];
    function* take() {
      for (const [i, { tags }] of whole.entries()) {
        taken.push(i);
        yield { repository, reference: tags[0] as string };
      }
    }
    const results = await all(audit(take(), { ...inventory.trust, after: '2', until: '5' }));
    expect(results.map(({ cursor }) => cursor)).toEqual(['3', '4', '5']);
    expect(taken).toHaveLength(5);
    for (const until of ['x', '', '-1', '1.5'])
      await expect(all(audit(take(), { ...inventory.trust, until }))).rejects.toMatchObject({
        code: 'ERR_NOTARYKIT_ARGUMENT',
      });
  });
});

describe('an audit of tags as they are listed', () => {
  let inventory: Inventory;
  let repository: AuditableRepository;
  beforeAll(async () => {
    inventory = await createInventory();
    repository = memoryRepository('registry.test/app');
    const image = await pushImage(repository, 'a', []);
    await sign(repository, image, { signer: inventory.signers.lab, now });
    for (let i = 0; i < 30; i++) await repository.tag(image, `v${10 + i}`);
  });
  const listing = (tags: readonly string[]): AuditableRepository => ({
    ...repository,
    async *tags() {
      yield* tags;
    },
  });
  const verdicts = (subject: AuditableRepository, options: Partial<AuditOptions> = {}) =>
    all(audit(subject, { ...inventory.trust, group: 'none', ...options }));

  it('asks for a tag when its turn comes', async () => {
    let listed = 0;
    const counted: AuditableRepository = {
      ...repository,
      async *tags(options) {
        for await (const tag of repository.tags(options)) {
          listed++;
          yield tag;
        }
      },
    };
    for await (const { verdict } of audit(counted, { ...inventory.trust, group: 'none', concurrency: 2 })) {
      expect([verdict, listed]).toEqual(['trusted', 2]);
      break;
    }
  });

  it.each([
    ['after a later one', ['v10', 'v12', 'v11']],
    ['twice', ['v10', 'v11', 'v11']],
    ['in another order than that of bytes', ['a10', 'B10']],
    ['after the end of the share', ['v10', 'v30', 'v11']],
  ])('refuses a tag that is listed %s', async (_, tags) => {
    const error = { code: 'ERR_NOTARYKIT_AUDIT' };
    await expect(verdicts(listing(tags), { until: 'v20' })).rejects.toMatchObject(error);
    await expect(verdicts(listing(tags))).rejects.toMatchObject(error);
  });

  it('refuses more tags than it may look at, and another way to group', async () => {
    await expect(verdicts(repository, { maxTags: 29 })).rejects.toMatchObject({ code: 'ERR_NOTARYKIT_AUDIT' });
    expect(await verdicts(repository, { maxTags: 30 })).toHaveLength(30);
    await expect(verdicts(repository, { group: 'tag' as 'none' })).rejects.toMatchObject({
      code: 'ERR_NOTARYKIT_ARGUMENT',
    });
  });

  it('gives a tag that is gone as a result', async () => {
    const results = await verdicts(listing(['v10', 'v99']));
    expect(results.map(({ cursor, verdict }) => [cursor, verdict])).toEqual([
      ['v10', 'trusted'],
      ['v99', 'undecided'],
    ]);
  });

  it('lists the referrers of each artifact anew: what it remembers does not grow', async () => {
    let lists = 0;
    const counted: AuditableRepository = {
      ...repository,
      referrers(subject, options) {
        lists++;
        return repository.referrers(subject, options);
      },
    };
    await verdicts(counted);
    expect(lists).toBe(30);
  });
});
